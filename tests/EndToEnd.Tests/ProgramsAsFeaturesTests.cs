using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>TorchScript and ONNX that answer with features learn as the weights that they were made of do.</summary>
public sealed class ProgramsAsFeaturesTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task A_network_has_the_same_scores_in_every_format()
    {
        await DefineAsync();

        var weights = await EvaluateAsync(DemoImages.Checkpoint, output: "logits");
        var program = await EvaluateAsync(At("features.pt"), output: "features");
        var graph = await EvaluateAsync(At("features.onnx"), output: "features");

        Assert.All([.. program, .. graph], evaluation =>
        {
            Assert.Null((string?)evaluation["provenance"]!["architecture"]);
            Assert.Equal(64, (int)evaluation["provenance"]!["learning"]!["features"]!);
        });
        Assert.StartsWith(
            "ONNX Runtime", (string)graph[0]["provenance"]!["engine"]!, StringComparison.OrdinalIgnoreCase);
        foreach (var (ofWeights, others) in weights.Zip(program.Zip(graph)))
        {
            // Neither chance nor all: a thousandth of what features mean would show.
            Assert.InRange((double)Installation.Score(ofWeights, "top1_accuracy")["value"]!, 0.15, 0.9);
            foreach (var other in (JsonNode[])[others.First, others.Second])
            {
                Assert.Equal(Counts(ofWeights), Counts(other));
                Assert.Equal(
                    await Predicted.OfAsync(installation, Installation.Id(ofWeights)),
                    await Predicted.OfAsync(installation, Installation.Id(other)));
            }
        }
    }

    [Fact]
    public async Task Without_a_word_about_its_output_a_program_is_not_taken_for_features()
    {
        await DefineAsync();

        var ids = await installation.SubmitAsync(At("features.pt"), ["features-knn"], "silent");
        var failure = await installation.EndOfAsync(ids[0]);

        Assert.Equal("features_unavailable", Installation.FailureCode(failure));
        Assert.Contains("\"output\": \"features\"", (string?)failure["failure"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_whose_probe_has_no_proven_optimum_give_no_score()
    {
        await DefineAsync();

        var ids = await installation.SubmitAsync(At("enormous.pt"), ["features-probe"], output: "features");
        var failure = await installation.EndOfAsync(ids[0]);

        Assert.Equal(("failed", "probe_unsolved"), (Installation.State(failure), Installation.FailureCode(failure)));
        Assert.Empty(failure["scores"]!.AsArray());
    }

    private async Task DefineAsync()
    {
        RealmsOfCifar.WriteFolders(installation.Datasets, train: 60, val: 20);
        await installation.DefineAsync(Definitions.OfNeighbours("features-knn"));
        await installation.DefineAsync(Definitions.OfCifarSplits("features-probe", definition =>
        {
            definition["protocol"] = "linear_probe";
            definition["lambdas"] = new JsonArray(0.01, 0.1, 1);
        }));
    }

    private async Task<IReadOnlyList<JsonNode>> EvaluateAsync(string checkpoint, string output)
    {
        var ended = new List<JsonNode>();
        string[] benchmarks = ["features-knn", "features-probe"];
        foreach (var id in await installation.SubmitAsync(checkpoint, benchmarks, output: output))
        {
            ended.Add(await installation.EndOfAsync(id));
            Assert.True(Installation.State(ended[^1]) == "succeeded", ended[^1].ToJsonString());
        }
        return ended;
    }

    private static (int Correct, int Count) Counts(JsonNode evaluation)
    {
        var score = Installation.Score(evaluation, "top1_accuracy");
        return ((int)score["correct"]!, (int)score["count"]!);
    }

    private static string At(string program) =>
        Path.Combine(Repository.Root, "tests", "EndToEnd.Tests", "Programs", program);
}
