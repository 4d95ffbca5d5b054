using System.Text.Json.Nodes;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>What an operator does with a dataset before an evaluation needs it.</summary>
public sealed class VerifyingADatasetTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task Whatever_is_wrong_with_a_dataset_is_listed_and_shown_beside_its_benchmark()
    {
        RealmsOfCifar.WriteFolders(installation.Datasets, train: 5, val: 5);
        var val = Path.Combine(installation.Datasets, "cifar-val");
        var train = Path.Combine(installation.Datasets, "cifar-train");
        await DefineAsync("sound");
        using (var sound = Verify("sound"))
        {
            await sound.ExitsAsync(expected: 0);
            Assert.Contains("evaluated: 50 samples of 10 classes, 5 to 5 each", sound.Output, StringComparison.Ordinal);
            Assert.Contains("Evaluations can run on it.", sound.Output, StringComparison.Ordinal);
        }

        var cats = Directory.GetFiles(Path.Combine(val, "cat")).Order().ToArray();
        await File.WriteAllTextAsync(cats[0], "no image", TestContext.Current.CancellationToken);
        File.Copy(cats[1], Path.Combine(val, "dog", "a-cat.png"));
        File.Copy(cats[2], Path.Combine(train, "cat", "a-cat.png"));
        using (var wrong = Verify("sound"))
        {
            await wrong.ExitsAsync(expected: 1);
            Assert.Contains($"cat/{Path.GetFileName(cats[0])}", wrong.Output, StringComparison.Ordinal);
        }

        var report = (await installation.GetAsync("benchmarks/sound"))["dataset_report"]!;
        var evaluated = report["splits"]!.AsArray().Single(split => (string)split!["split"]! == "evaluated")!;
        Assert.Equal((51, 1, 1), ((int)evaluated["sample_count"]!, (int)evaluated["unreadable_count"]!, (int)evaluated["duplicate_count"]!));
        Assert.Equal("dog/a-cat.png", (string?)Assert.Single(evaluated["duplicates"]!.AsArray())!["path"]);
        Assert.Equal(1, (int)report["overlap_count"]!);
        Assert.Equal($"cat/{Path.GetFileName(cats[2])}", (string?)Assert.Single(report["overlaps"]!.AsArray())!["path"]);
    }

    [Fact]
    public async Task A_dataset_that_is_not_there_and_a_benchmark_that_is_not_are_told()
    {
        await DefineAsync("nowhere", "no-folder");
        using var absent = Verify("nowhere");
        await absent.ExitsAsync(expected: 1);
        Assert.Contains("There is no folder no-folder below the datasets root.", absent.Output, StringComparison.Ordinal);

        using var unknown = Verify("no-benchmark");
        await unknown.ExitsAsync(expected: 2);
        Assert.Contains("There is no benchmark 'no-benchmark'.", unknown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packed_ahead_a_dataset_is_decoded_by_no_evaluation()
    {
        await DemoImages.RenderAsync(installation);
        await installation.DefineAsync(DemoImages.Definition(installation));

        using var pack = Datasets("pack", "demo-webvision");
        await pack.ExitsAsync(expected: 0);
        Assert.Contains("evaluated: 300 images of 32 × 32 in ", pack.Output, StringComparison.Ordinal);
        var images = Path.Combine(installation.Home, "cache", "images");
        var packed = Assert.Single(Directory.GetFiles(images, "images.safetensors", SearchOption.AllDirectories));
        var written = File.GetLastWriteTimeUtc(packed);

        var id = Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, ["demo-webvision"]));
        Assert.Equal("succeeded", Installation.State(await installation.EndOfAsync(id)));
        Assert.Equal(
            written, File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(images, "images.safetensors", SearchOption.AllDirectories))));
    }

    private Program Verify(string benchmark) => Datasets("verify", benchmark);

    private Program Datasets(string command, string benchmark) => installation.StartEvaluator("datasets", command, benchmark);

    private Task DefineAsync(string name, string path = "cifar-val") => installation.DefineAsync(new JsonObject
    {
        ["name"] = name,
        ["version"] = "1",
        ["task"] = "image-classification",
        ["dataset"] = name,
        ["protocol"] = "knn",
        ["k"] = 5,
        ["temperature"] = 0.07,
        ["layout"] = "image_folder",
        ["path"] = path,
        ["train"] = "cifar-train",
        ["class_count"] = 10,
        ["eval_transform"] = new JsonObject
        {
            ["resize"] = null,
            ["interpolation"] = "bilinear",
            ["crop"] = null,
            ["mean"] = new JsonArray(0.5, 0.5, 0.5),
            ["std"] = new JsonArray(0.5, 0.5, 0.5),
        },
        ["metrics"] = new JsonArray("top1_accuracy"),
    });
}
