using System.Globalization;
using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>
/// Strangers' checkpoints on real images, posted over HTTP: every prediction equals the one that PyTorch, torchvision
/// and Pillow made, image for image, and the total to the last digit.
/// </summary>
public sealed class RealCheckpointsTests(Installation installation) : IClassFixture<Installation>
{
    private const double NearTie = 1e-4; // in logits

    private static readonly double[] Mean = [0.485, 0.456, 0.406];
    private static readonly double[] Std = [0.229, 0.224, 0.225];

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
            ReadReference(Reference).Select(row => $"{row.File} {row.Label}"),
            TestContext.Current.CancellationToken);
        await installation.DefineAsync(new
        {
            name = "imagenet-sample",
            version = "1",
            task = "image-classification",
            dataset = "imagenet-sample",
            protocol = "classify",
            layout = "image_list",
            list = "val.txt",
            path = "imagenet",
            class_count = 1000,
            eval_transform = new { resize = 256, interpolation = "bilinear", crop = 224, mean = Mean, std = Std },
            metrics = new[] { "top1_accuracy", "top5_accuracy" },
        });
        var evaluation = await AssertEqualsReferenceAsync(checkpoint, "imagenet-sample", Reference, correct: 77, count: 125);

        var top5 = ReadReference(Reference).Count(row => row.Top5!.Contains(row.Label));
        Assert.Equal(top5, (int)Installation.Score(evaluation, "top5_accuracy")["correct"]!);
    }

    private async Task DefineCifarAsync(string images)
    {
        CopyImages(images);
        await installation.DefineAsync(new
        {
            name = images.Replace('_', '-'),
            version = "1",
            task = "image-classification",
            dataset = images.Replace('_', '-'),
            protocol = "classify",
            layout = "image_folder",
            path = images,
            class_count = 10,
            eval_transform = new { resize = (int?)null, interpolation = "bilinear", crop = (int?)null, mean = Mean, std = Std },
            metrics = new[] { "top1_accuracy", "top5_accuracy", "mean_per_class_accuracy" },
        });
    }

    private async Task<JsonNode> AssertEqualsReferenceAsync(
        string checkpoint, string benchmark, string reference, int correct, int count)
    {
        var path = RealData.At("checkpoints", checkpoint);
        var id = Assert.Single(await installation.SubmitAsync(path, [benchmark]));
        var evaluation = await installation.EndOfAsync(id);

        Assert.True(Installation.State(evaluation) == "succeeded", evaluation.ToJsonString());
        var top1 = Installation.Score(evaluation, "top1_accuracy");
        Assert.Equal((correct, count), ((int)top1["correct"]!, (int)top1["count"]!));
        Assert.Equal((double)correct / count, (double)top1["value"]!);
        await AssertPredictionsAsync(id, reference);

        var board = await installation.GetAsync($"benchmarks/{benchmark}/leaderboard");
        Assert.Contains(board["entries"]!.AsArray(), entry =>
            (string)entry!["model_name"]! == checkpoint && (string)entry["kind"]! == "verified"
            && (double)entry["value"]! == (double)correct / count);
        return evaluation;
    }

    private async Task AssertPredictionsAsync(string evaluation, string reference)
    {
        var lines = (await installation.Http.GetStringAsync(
            $"evaluations/{evaluation}/predictions", TestContext.Current.CancellationToken)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("sample,target,prediction,confidence,correct", lines[0]);
        var predictions = lines.Skip(1).Select(line => line.Split(',')).ToDictionary(fields => fields[0]);
        var expected = ReadReference(reference).ToList();

        Assert.Equal(expected.Count, predictions.Count);
        var different = new List<ReferenceRow>();
        foreach (var row in expected)
        {
            var fields = predictions[row.File];
            Assert.Equal(row.Label, Integer(fields[1]));
            if (row.Top1 != Integer(fields[2]))
            {
                different.Add(row);
            }
        }
        // A near tie may fall either way between honest implementations, and is counted.
        TestContext.Current.TestOutputHelper?.WriteLine($"{different.Count} of {expected.Count} predictions differ");
        Assert.All(different, row => Assert.True(row.Margin < NearTie, $"{row.File} is predicted otherwise than as {row.Top1}"));
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

    private sealed record ReferenceRow(string File, int Label, int Top1, double Margin, int[]? Top5);

    private static IEnumerable<ReferenceRow> ReadReference(string name) =>
        File.ReadLines(RealData.At("reference", name)).Skip(1).Select(line => line.Split(',')).Select(fields => new ReferenceRow(
            fields[0], Integer(fields[1]), Integer(fields[2]), double.Parse(fields[4], CultureInfo.InvariantCulture),
            fields.Length > 5 ? [.. fields[5].Split(' ').Select(Integer)] : null));

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
