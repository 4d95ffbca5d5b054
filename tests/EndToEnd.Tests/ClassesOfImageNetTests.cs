using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>
/// Benchmarks on some of ImageNet's classes, or with several right ones, on real images and against predictions that
/// PyTorch made: laid out as ImageNet-A and ImageNet-R, ReaL and mini-WebVision come.
/// </summary>
public sealed class ClassesOfImageNetTests(Installation installation) : IClassFixture<Installation>
{
    private static string Checkpoint => RealData.At("checkpoints", "imagenet_squeezenet1_0.safetensors");

    [Fact]
    public async Task Among_a_mask_s_classes_a_network_is_right_at_least_as_often_and_predicts_no_other()
    {
        var rows = ReferenceRow.OfImageNet.Where(row => row.Label % 2 == 0).OrderBy(row => row.Label).ToList();
        int[] mask = [.. rows.Select(row => row.Label).Distinct()];
        foreach (var row in rows)
        {
            Copy(row, Path.Combine("masked", row.File.Split('_')[0], row.File));
        }
        await DefineAsync("masked", definition =>
        {
            definition["layout"] = "image_folder";
            definition["class_mask"] = new JsonArray([.. mask.Select(c => (JsonNode)c)]);
            definition["metrics"] = new JsonArray("top1_accuracy", "expected_calibration_error");
        });

        var evaluation = await installation.ScoreAsync(Checkpoint, "masked");
        var predictions = await Predicted.OfAsync(installation, Installation.Id(evaluation));

        Assert.True((int)Installation.Score(evaluation, "top1_accuracy")["correct"]! >= rows.Count(row => row.Top1 == row.Label));
        Assert.Equal("bootstrap_1000_seed_0", (string?)Installation.Score(evaluation, "expected_calibration_error")["interval_method"]);
        Assert.All(rows, row =>
        {
            var (target, prediction) = predictions[$"{row.File.Split('_')[0]}/{row.File}"];
            Assert.Equal($"{row.Label}", target);
            Assert.Contains(prediction, mask);
            // Its five best of a thousand, in order: the first of them that the mask has wins.
            if (row.Top5.FirstOrDefault(mask.Contains, defaultValue: -1) is >= 0 and var best)
            {
                Assert.Equal(best, prediction);
            }
        });
    }

    [Fact]
    public async Task Of_ReaL_s_labels_any_is_right_and_an_image_without_one_counts_nowhere()
    {
        var rows = ReferenceRow.OfImageNet;
        for (var i = 0; i < rows.Count; i++)
        {
            Copy(rows[i], Path.Combine("real", "val", $"ILSVRC2012_val_{i + 1:D8}.JPEG"));
        }
        // Every third image shows its label and the network's second choice, every tenth nothing.
        int[][] labels = [.. rows.Select((row, i) => i % 10 == 9 ? [] : i % 3 == 0 ? new[] { row.Label, row.Top5[1] } : [row.Label])];
        await File.WriteAllTextAsync(
            Path.Combine(installation.Datasets, "real", "real.json"),
            $"[{string.Join(',', labels.Select(each => $"[{string.Join(',', each)}]"))}]", TestContext.Current.CancellationToken);
        await DefineAsync("real", definition =>
        {
            definition["layout"] = "imagenet_real";
            definition["labels"] = "multi";
        });

        var evaluation = await installation.ScoreAsync(Checkpoint, "real");
        var predictions = await Predicted.OfAsync(installation, Installation.Id(evaluation));

        var top1 = Installation.Score(evaluation, "top1_accuracy");
        Assert.Equal(
            (rows.Where((row, i) => labels[i].Contains(row.Top1)).Count(), labels.Count(each => each.Length > 0)),
            ((int)top1["correct"]!, (int)top1["count"]!));
        Assert.Equal(
            string.Join(' ', labels[0].Order()), predictions["val/ILSVRC2012_val_00000001.JPEG"].Target);
    }

    [Fact]
    public async Task Of_a_dataset_s_first_classes_only_their_images_count_and_a_network_of_more_is_refused()
    {
        var rows = ReferenceRow.OfImageNet;
        foreach (var row in rows)
        {
            Copy(row, Path.Combine("first", "val_images_256", row.File));
        }
        var info = Directory.CreateDirectory(Path.Combine(installation.Datasets, "first", "info")).FullName;
        await File.WriteAllLinesAsync(
            Path.Combine(info, "val_filelist.txt"), rows.Select(row => $"{row.File} {row.Label}"),
            TestContext.Current.CancellationToken);
        await DefineAsync("first", definition =>
        {
            definition["layout"] = "webvision";
            definition["class_count"] = 50;
            definition["first_classes"] = 50;
        });

        var id = Assert.Single(await installation.SubmitAsync(Checkpoint, ["first"]));
        var evaluation = await installation.EndOfAsync(id);

        Assert.Equal("class_count_mismatch", Installation.FailureCode(evaluation));
        var shown = await installation.GetAsync("benchmarks/first");
        Assert.Equal(rows.Count(row => row.Label < 50), (int)shown["sample_count"]!);
    }

    private Task DefineAsync(string name, Action<JsonObject> change) =>
        installation.DefineAsync(Definitions.OfImageNet(name, change));

    private void Copy(ReferenceRow row, string path)
    {
        var target = Path.Combine(installation.Datasets, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(RealData.At("images", "imagenet", row.File), target);
    }
}
