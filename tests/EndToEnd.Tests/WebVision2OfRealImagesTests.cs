using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>
/// The catalogue's WebVision 2.0 on real images that lie as its script unpacks them, in classes of different sizes,
/// against predictions that PyTorch made. A network of ImageNet's classes, and the transform of the references, stand in
/// for what the dataset's own would be.
/// </summary>
public sealed class WebVision2OfRealImagesTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task Both_means_over_classes_are_those_of_the_reference_s_predictions()
    {
        var rows = ReferenceRow.OfImageNet;
        var samples = new List<(string File, int Label, ReferenceRow Row)>();
        foreach (var (i, row) in rows.Index())
        {
            // One to three images of its class, and every fourth image under its neighbour's name too.
            samples.AddRange(Enumerable.Range(0, 1 + (i % 3)).Select(copy => ($"val{i:D6}_{copy}.jpg", row.Label, row)));
            if (i % 4 == 0)
            {
                samples.Add(($"val{i:D6} (other).jpg", rows[(i + 1) % rows.Count].Label, row));
            }
        }
        var val = Directory.CreateDirectory(Path.Combine(installation.Datasets, "webvision-2.0", "val")).FullName;
        var meta = Directory.CreateDirectory(Path.Combine(installation.Datasets, "webvision-2.0", "meta")).FullName;
        foreach (var (file, _, row) in samples)
        {
            File.Copy(RealData.At("images", "imagenet", row.File), Path.Combine(val, file));
        }
        var list = Path.Combine(meta, "val.txt");
        await File.WriteAllLinesAsync(
            list, samples.Select(sample => $"{sample.File} {sample.Label}"), TestContext.Current.CancellationToken);
        File.Copy(list, Path.Combine(val, "val.txt"));
        await installation.DefineAsync(Definitions.OfCatalogue("webvision-2.0", "webvision-two", definition =>
        {
            definition["path"] = "webvision-2.0/val";
            definition["class_count"] = 1000;
            definition["label_order"] = "imagenet-1k";
            definition["eval_transform"] = Definitions.Transform(resize: 256, crop: 224);
        }));

        var evaluation = await installation.ScoreAsync(
            RealData.At("checkpoints", "imagenet_squeezenet1_0.safetensors"), "webvision-two");

        ReferenceRow.AssertPredicted(
            samples.Select(sample => (sample.File, sample.Row with { Label = sample.Label })),
            await Predicted.OfAsync(installation, Installation.Id(evaluation)));
        var classes = samples.GroupBy(sample => sample.Label).ToList();
        Assert.True(classes.Select(of => of.Count()).Distinct().Count() > 2);
        AssertMean("mean_per_class_accuracy", sample => sample.Row.Top1 == sample.Label);
        AssertMean("mean_per_class_top5_accuracy", sample => sample.Row.Top5.Contains(sample.Label));

        void AssertMean(string metric, Func<(string File, int Label, ReferenceRow Row), bool> isRight)
        {
            var mean = classes.Average(of => of.Count(isRight) / (double)of.Count());
            Assert.NotEqual(samples.Count(isRight) / (double)samples.Count, mean, 3);
            Assert.Equal(mean, (double)Installation.Score(evaluation, metric)["value"]!, 12);
        }
    }
}
