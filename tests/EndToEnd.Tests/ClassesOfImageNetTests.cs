using System.Globalization;
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
        var rows = Reference().Where(row => row.Label % 2 == 0).OrderBy(row => row.Label).ToList();
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

        var (evaluation, predictions) = await EvaluateAsync("masked");

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
        var rows = Reference();
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

        var (evaluation, predictions) = await EvaluateAsync("real");

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
        var rows = Reference();
        foreach (var row in rows)
        {
            Copy(row, Path.Combine("first", "val_images_256", row.File));
        }
        var info = Directory.CreateDirectory(Path.Combine(installation.Datasets, "first", "info")).FullName;
        await File.WriteAllLinesAsync(
            Path.Combine(info, "val_filelist.txt"), rows.Select(row => $"{row.File} {row.Label}"), TestContext.Current.CancellationToken);
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

    private async Task<(JsonNode Evaluation, Dictionary<string, (string Target, int Prediction)> Predictions)> EvaluateAsync(
        string benchmark)
    {
        var id = Assert.Single(await installation.SubmitAsync(Checkpoint, [benchmark]));
        var evaluation = await installation.EndOfAsync(id);
        Assert.True(Installation.State(evaluation) == "succeeded", evaluation.ToJsonString());
        var lines = (await installation.Http.GetStringAsync($"evaluations/{id}/predictions")).Split("\r\n");
        return (evaluation, lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(',')).ToDictionary(
            fields => fields[0], fields => (fields[1], int.Parse(fields[2], CultureInfo.InvariantCulture))));
    }

    private Task DefineAsync(string name, Action<JsonObject> change)
    {
        var definition = new JsonObject
        {
            ["name"] = name,
            ["version"] = "1",
            ["task"] = "image-classification",
            ["dataset"] = name,
            ["protocol"] = "classify",
            ["path"] = name,
            ["class_count"] = 1000,
            ["label_order"] = "imagenet-1k",
            ["eval_transform"] = JsonNode.Parse(
                """{"resize":256,"interpolation":"bilinear","crop":224,"mean":[0.485,0.456,0.406],"std":[0.229,0.224,0.225]}"""),
            ["metrics"] = new JsonArray("top1_accuracy"),
        };
        change(definition);
        return installation.DefineAsync(definition);
    }

    private void Copy(Row row, string path)
    {
        var target = Path.Combine(installation.Datasets, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(RealData.At("images", "imagenet", row.File), target);
    }

    private static List<Row> Reference() =>
    [
        .. File.ReadLines(RealData.At("reference", "imagenet.squeezenet1_0.csv")).Skip(1).Select(line => line.Split(','))
            .Select(fields => new Row(
                fields[0], Integer(fields[1]), Integer(fields[2]), [.. fields[5].Split(' ').Select(Integer)])),
    ];

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Row(string File, int Label, int Top1, int[] Top5);
}
