using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>
/// Strangers' checkpoints on real images, posted over HTTP: every prediction equals the one that PyTorch, torchvision
/// and Pillow made, image for image, and the total to the last digit.
/// </summary>
public sealed class RealCheckpointsTests(Installation installation) : IClassFixture<Installation>
{
    [Theory]
    [InlineData("cifar_resnet20_akamaster.th", "cifar10_png", 915)]
    [InlineData("cifar_resnet32_akamaster.th", "cifar10_png", 928)]
    [InlineData("cifar_resnet20_neuralnets.pth", "cifar10_png", 927)]
    [InlineData("cifar_resnet20_akamaster.th", "cifar10_jpg", 804)]
    [InlineData("cifar_resnet32_akamaster.th", "cifar10_jpg", 840)]
    [InlineData("cifar_resnet20_neuralnets.pth", "cifar10_jpg", 792)]
    public async Task On_CIFAR_10_every_prediction_is_the_reference_s(string checkpoint, string images, int correct)
    {
        await DefineCifarAsync(images);
        await AssertEqualsReferenceAsync(
            checkpoint, images.Replace('_', '-'), $"{images}.{Path.GetFileNameWithoutExtension(checkpoint)}.csv", correct, 1000);
    }

    [Fact]
    public async Task In_bfloat16_the_score_says_so_and_stays_close()
    {
        await DefineCifarAsync("cifar10_png");
        var id = Assert.Single(await installation.SubmitAsync(
            RealData.At("checkpoints", "cifar_resnet20_akamaster.th"), ["cifar10-png"], "in bfloat16", precision: "bfloat16"));
        var evaluation = await installation.EndOfAsync(id);

        Assert.Equal("bfloat16", (string)evaluation["provenance"]!["precision"]!);
        Assert.StartsWith("libtorch", (string)evaluation["provenance"]!["engine"]!, StringComparison.Ordinal);
        Assert.InRange((int)Installation.Score(evaluation, "top1_accuracy")["correct"]!, 915 - 15, 915 + 15);
        var board = await installation.GetAsync("benchmarks/cifar10-png/leaderboard?precision=bfloat16");
        Assert.Equal("in bfloat16", (string)Assert.Single(board["entries"]!.AsArray())!["model_name"]!);
    }

    [Theory]
    [InlineData("imagenet_squeezenet1_0.pth")]
    [InlineData("imagenet_squeezenet1_0.safetensors")]
    public async Task On_ImageNet_every_prediction_is_the_reference_s(string checkpoint)
    {
        const string Reference = "imagenet.squeezenet1_0.csv";
        CopyImages("imagenet");
        await File.WriteAllLinesAsync(
            Path.Combine(installation.Datasets, "imagenet", "val.txt"),
            ReferenceRow.Read(Reference).Select(row => $"{row.File} {row.Label}"),
            TestContext.Current.CancellationToken);
        await installation.DefineAsync(Definitions.OfImageNet("imagenet-sample", definition =>
        {
            definition["layout"] = "image_list";
            definition["list"] = "val.txt";
            definition["path"] = "imagenet";
            definition["metrics"] = new JsonArray("top1_accuracy", "top5_accuracy");
        }));
        var evaluation = await AssertEqualsReferenceAsync(checkpoint, "imagenet-sample", Reference, correct: 77, count: 125);

        var top5 = ReferenceRow.Read(Reference).Count(row => row.Top5.Contains(row.Label));
        Assert.Equal(top5, (int)Installation.Score(evaluation, "top5_accuracy")["correct"]!);
    }

    private async Task DefineCifarAsync(string images)
    {
        CopyImages(images);
        await installation.DefineAsync(Definitions.OfCifar(images.Replace('_', '-'), definition =>
        {
            definition["path"] = images;
            definition["metrics"] = new JsonArray("top1_accuracy", "top5_accuracy", "mean_per_class_accuracy");
        }));
    }

    private async Task<JsonNode> AssertEqualsReferenceAsync(
        string checkpoint, string benchmark, string reference, int correct, int count)
    {
        var evaluation = await installation.ScoreAsync(RealData.At("checkpoints", checkpoint), benchmark);

        var top1 = Installation.Score(evaluation, "top1_accuracy");
        Assert.Equal((correct, count), ((int)top1["correct"]!, (int)top1["count"]!));
        Assert.Equal((double)correct / count, (double)top1["value"]!);
        ReferenceRow.AssertPredicted(
            ReferenceRow.Read(reference).Select(row => (row.File, row)),
            await Predicted.OfAsync(installation, Installation.Id(evaluation)));

        var board = await installation.GetAsync($"benchmarks/{benchmark}/leaderboard");
        Assert.Contains(board["entries"]!.AsArray(), entry =>
            (string)entry!["model_name"]! == checkpoint && (string)entry["kind"]! == "verified"
            && (double)entry["value"]! == (double)correct / count);
        return evaluation;
    }

    private void CopyImages(string images)
    {
        var source = RealData.At("images", images);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(installation.Datasets, images, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
