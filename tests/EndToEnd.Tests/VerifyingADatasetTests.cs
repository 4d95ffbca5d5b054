using Leaderboard.Tests.Support;

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
    public async Task A_missing_file_and_one_that_differs_from_the_manifest_are_told_and_shown()
    {
        var folder = Directory.CreateDirectory(Path.Combine(installation.Datasets, "listed")).FullName;
        var names = new List<string>();
        var cats = Directory.GetFiles(RealData.At("images", "cifar10_png", "cat")).Order(StringComparer.Ordinal);
        foreach (var file in cats.Take(6))
        {
            names.Add(Path.GetFileName(file));
            File.Copy(file, Path.Combine(folder, names[^1]));
        }
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "val.txt"), names.Select(name => $"{name} 3"), TestContext.Current.CancellationToken);
        await installation.DefineAsync(Definitions.OfCifar("listed", definition =>
        {
            definition["layout"] = "image_list";
            definition["list"] = "val.txt";
        }));
        // The first evaluation writes the manifest.
        await installation.ScoreAsync(RealData.At("checkpoints", "cifar_resnet20_akamaster.th"), "listed");

        File.Delete(Path.Combine(folder, names[1]));
        // It still decodes to the same image.
        await File.AppendAllTextAsync(Path.Combine(folder, names[4]), "more", TestContext.Current.CancellationToken);
        using var verify = Verify("listed");
        await verify.ExitsAsync(expected: 1);

        var difference =
            $"The dataset in listed differs from its manifest: 1 missing ({names[1]}); 1 changed ({names[4]}).";
        Assert.Contains($"1 missing:\n      {names[1]}\n", verify.Output, StringComparison.Ordinal);
        Assert.Contains(difference, verify.Output, StringComparison.Ordinal);
        Assert.Contains("Evaluations cannot run on it as it is.", verify.Output, StringComparison.Ordinal);
        var report = (await installation.GetAsync("benchmarks/listed"))["dataset_report"]!;
        var shown = Assert.Single(report["splits"]!.AsArray())!;
        Assert.Equal("evaluated", (string?)shown["split"]);
        Assert.Equal(
            (6, 1, 0),
            ((int)shown["sample_count"]!, (int)shown["missing_count"]!, (int)shown["unreadable_count"]!));
        Assert.Equal(names[1], (string?)Assert.Single(shown["missing"]!.AsArray()));
        Assert.Equal(difference, (string?)shown["difference"]);
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

        var before = PackedFiles();
        using var pack = Datasets("pack", "demo-webvision");
        await pack.ExitsAsync(expected: 0);
        Assert.Contains("evaluated: 300 images of 32 × 32 in ", pack.Output, StringComparison.Ordinal);
        var packed = Assert.Single(PackedFiles().Except(before));
        var written = File.GetLastWriteTimeUtc(packed);

        await installation.ScoreAsync(DemoImages.Checkpoint, "demo-webvision");
        Assert.Equal(packed, Assert.Single(PackedFiles().Except(before)));
        Assert.Equal(written, File.GetLastWriteTimeUtc(packed));
    }

    [Fact]
    public async Task Of_a_low_shot_benchmark_the_images_that_are_drawn_are_packed_and_no_others()
    {
        VocOfCifar.Write(installation.Datasets, "voc-packed");
        await installation.DefineAsync(Definitions.OfCatalogue("voc07-low-shot-1", "voc-packed", definition =>
            definition["eval_transform"] = Definitions.Transform(resize: null, crop: null)));

        var before = PackedFiles();
        using var pack = Datasets("pack", "voc-packed");
        await pack.ExitsAsync(expected: 0);
        var packed = PackedFiles().Except(before).ToArray();
        Assert.Equal(2, packed.Length);
        // Five draws of one image each of twenty classes, of 600.
        Assert.DoesNotContain("train: 600 images", pack.Output, StringComparison.Ordinal);

        await installation.ScoreAsync(RealData.At("checkpoints", "cifar_resnet20_akamaster.th"), "voc-packed");
        Assert.Equal(packed.Order(), PackedFiles().Except(before).Order());
    }

    private string[] PackedFiles() => Directory.GetFiles(
        Directory.CreateDirectory(Path.Combine(installation.Home, "cache")).FullName, "images.safetensors",
        SearchOption.AllDirectories);

    private Program Verify(string benchmark) => Datasets("verify", benchmark);

    private Program Datasets(string command, string benchmark) => installation.StartEvaluator("datasets", command, benchmark);

    private Task DefineAsync(string name, string path = "cifar-val") =>
        installation.DefineAsync(Definitions.OfNeighbours(name, definition => definition["path"] = path));
}
