using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>The catalogue's low-shot protocol on several classes an image, from a posted file to its board.</summary>
public sealed class LowShotOfVocTests(Installation installation) : IClassFixture<Installation>
{
    private static IEnumerable<double> GoldenDraws => Numbers(JsonNode.Parse(File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "EndToEnd.Tests", "Goldens", "voc_of_cifar.json")))!["draws"]!);

    [Fact]
    public async Task Every_draw_has_the_mean_average_precision_of_scikit_learn_on_the_features_of_PyTorch()
    {
        VocOfCifar.Write(installation.Datasets, "voc");
        await installation.DefineAsync(Definitions.OfCatalogue("voc07-low-shot-4", "voc", definition =>
            definition["eval_transform"] = Definitions.Transform(resize: null, crop: null)));

        var evaluation = await installation.ScoreAsync(
            RealData.At("checkpoints", "cifar_resnet20_akamaster.th"), "voc");

        var draws = Numbers(evaluation["provenance"]!["learning"]!["draws"]!).ToList();
        // Two images whose decision values are nearly equal may change places.
        Assert.Equal(GoldenDraws, draws, (a, b) => Math.Abs(a - b) < 1e-4);
        var score = Installation.Score(evaluation, "mean_average_precision");
        Assert.Equal(draws.Average(), (double)score["value"]!, 12);
        Assert.Equal("t_over_draws", (string?)score["interval_method"]);
        Assert.InRange((double)score["value"]!, (double)score["interval"]![0]!, (double)score["interval"]![1]!);
        var board = await installation.GetAsync("benchmarks/voc/leaderboard");
        Assert.Equal((double)score["value"]!, (double)Assert.Single(board["entries"]!.AsArray())!["value"]!);
    }

    private static IEnumerable<double> Numbers(JsonNode list) => list.AsArray().Select(number => (double)number!);
}
