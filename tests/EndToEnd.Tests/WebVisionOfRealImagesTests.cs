using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>
/// The catalogue's WebVision 1.0 on real images that lie as its archives unpack, with the oddities of lists that people
/// edit, against predictions that PyTorch made.
/// </summary>
public sealed class WebVisionOfRealImagesTests(Installation installation) : IClassFixture<Installation>
{
    private static readonly IReadOnlyList<ReferenceRow> Rows = ReferenceRow.OfImageNet;

    private static string Checkpoint => RealData.At("checkpoints", "imagenet_squeezenet1_0.safetensors");

    [Theory]
    [InlineData("val_images_256", null)]
    [InlineData("val_images", "val_images_256")]
    [InlineData("val_images_256", "val_images")]
    public async Task Every_validation_image_is_predicted_as_the_reference_does(string read, string? unread)
    {
        var name = $"webvision-{read}-{unread ?? "alone"}".Replace('_', '-');
        foreach (var (i, row) in Rows.Index())
        {
            Copy(row, name, read, FileName(i));
            if (unread is not null)
            {
                // Another image under the same name: whoever reads it is found out.
                Copy(Rows[(i + 1) % Rows.Count], name, unread, FileName(i));
            }
        }
        Copy(Rows[0], name, read, "unlisted.jpg");
        var lines = Rows.Select((row, i) => $"{FileName(i)} {row.Label}").ToList();
        // Two lines that stand twice, and a blank one at the end.
        await WriteListAsync(name, [.. lines[..60], lines[3], .. lines[60..], lines[0], ""]);
        await installation.DefineAsync(Definitions.OfCatalogue("webvision-1.0", name, definition =>
            definition["images"] = read == "val_images" ? read : null));

        var evaluation = await installation.ScoreAsync(Checkpoint, name);

        ReferenceRow.AssertPredicted(
            Rows.Select((row, i) => ($"{read}/{FileName(i)}", row)),
            await Predicted.OfAsync(installation, Installation.Id(evaluation)));
        AssertCounts(evaluation, "top1_accuracy", Rows.Count(row => row.Top1 == row.Label), Rows.Count);
        AssertCounts(evaluation, "top5_accuracy", Rows.Count(row => row.Top5.Contains(row.Label)), Rows.Count);
    }

    // Each image stands in the list five times, labelled with each of its five best classes: all count as right where
    // the five best are those, and no other.
    [Fact]
    public async Task The_five_best_classes_of_every_image_are_the_reference_s()
    {
        var lines = new List<string>();
        foreach (var (i, row) in Rows.Index())
        {
            for (var place = 0; place < 5; place++)
            {
                Copy(row, "webvision-best", "val_images_256", $"{i} {place}.jpg");
                lines.Add($"{i} {place}.jpg {row.Top5[place]}");
            }
        }
        await WriteListAsync("webvision-best", lines);
        await DefineAsync("webvision-best");

        var evaluation = await installation.ScoreAsync(Checkpoint, "webvision-best");

        AssertCounts(evaluation, "top1_accuracy", Rows.Count, 5 * Rows.Count);
        AssertCounts(evaluation, "top5_accuracy", 5 * Rows.Count, 5 * Rows.Count);
    }

    // As the archive names them; every twentieth has spaces.
    private static string FileName(int index) =>
        index % 20 == 7 ? $"val {index + 1:D6} (copy).jpg" : $"val{index + 1:D6}.jpg";

    private static void AssertCounts(JsonNode evaluation, string metric, int correct, int count)
    {
        var score = Installation.Score(evaluation, metric);
        Assert.Equal((correct, count), ((int)score["correct"]!, (int)score["count"]!));
        Assert.Equal((double)correct / count, (double)score["value"]!);
    }

    private Task DefineAsync(string name) => installation.DefineAsync(Definitions.OfCatalogue("webvision-1.0", name));

    // With the lists that stand beside it, of training images that are not there.
    private async Task WriteListAsync(string name, IEnumerable<string> lines)
    {
        var info = Directory.CreateDirectory(Path.Combine(installation.Datasets, name, "info")).FullName;
        await File.WriteAllLinesAsync(
            Path.Combine(info, "val_filelist.txt"), lines, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(info, "train_filelist_flickr.txt"), "flickr/q0001/2680197397.jpg 0\n",
            TestContext.Current.CancellationToken);
    }

    private void Copy(ReferenceRow row, params string[] path)
    {
        var target = Path.Combine([installation.Datasets, .. path]);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(RealData.At("images", "imagenet", row.File), target);
    }
}
