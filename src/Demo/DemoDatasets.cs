using System.Text.Json;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Demo;

/// <summary>Two small datasets, laid out as WebVision and OmniBenchmark lie on disk, and their benchmarks.</summary>
internal static class DemoDatasets
{
    private const int WebVisionSeed = 1;
    private const int OmniBenchmarkSeed = 2;
    private const int SampleCount = 300;
    private const string Realm = "shape";

    public static readonly EvalTransform EvalTransform =
        new(Resize: 32, EvalTransform.Bilinear, Crop: 32, Mean: [0.5, 0.5, 0.5], Std: [0.25, 0.25, 0.25]);

    private static readonly JsonSerializerOptions Indented = new(LeaderboardJson.Options) { WriteIndented = true };

    /// <summary>Writes both datasets and their benchmark definitions below <paramref name="root"/>.</summary>
    public static void Generate(string root)
    {
        Directory.CreateDirectory(root);
        WriteWebVision(Path.Combine(root, "demo-webvision"));
        WriteOmniBenchmark(Path.Combine(root, "demo-omnibenchmark"));
        WriteDefinition(root, Define("demo-webvision", Layouts.WebVision));
        WriteDefinition(root, Define("demo-omnibenchmark", Layouts.OmniBenchmark) with
        {
            Realms = [new Realm(Realm, Shapes.All.Count)],
        });
    }

    /// <summary>The samples of <c>demo-webvision</c>, in the order of its list.</summary>
    public static DemoImage[] WebVisionSamples() => Render(WebVisionSeed, SampleCount, Difficulty.Mild);

    /// <summary>The samples of <c>demo-omnibenchmark</c>, in the order of its records: the harder set.</summary>
    public static DemoImage[] OmniBenchmarkSamples() => Render(OmniBenchmarkSeed, SampleCount, Difficulty.Severe);

    /// <summary>Renders the first samples of a set, on all cores.</summary>
    public static DemoImage[] Render(int setSeed, int count, Difficulty difficulty)
    {
        var images = new DemoImage[count];
        Parallel.For(0, count, index => images[index] = DemoImage.Render(setSeed, index, difficulty));
        return images;
    }

    private static void WriteWebVision(string folder)
    {
        var info = Directory.CreateDirectory(Path.Combine(folder, "info")).FullName;
        var lines = WriteImages(Path.Combine(folder, "val_images_256"), "val", WebVisionSamples());
        File.WriteAllLines(Path.Combine(info, "val_filelist.txt"), lines);
        var synsets = Shapes.All.Select((shape, index) => $"demo{index:D4} {shape.Name}");
        File.WriteAllLines(Path.Combine(info, "synsets.txt"), synsets);
    }

    private static void WriteOmniBenchmark(string folder)
    {
        var split = Path.Combine(folder, "meta", Realm, "test");
        var lines = WriteImages(Path.Combine(split, "images"), Realm, OmniBenchmarkSamples());
        File.WriteAllLines(Path.Combine(split, "records.txt"), lines.Select(line => $"images/{line}"));
    }

    // Lines of name and label: what both layouts list.
    private static List<string> WriteImages(string folder, string prefix, DemoImage[] images)
    {
        Directory.CreateDirectory(folder);
        var lines = new List<string>();
        foreach (var (index, image) in images.Index())
        {
            var name = $"{prefix}{index + 1:D6}.jpg";
            File.WriteAllBytes(Path.Combine(folder, name), image.Jpeg);
            lines.Add($"{name} {image.Target}");
        }

        return lines;
    }

    private static BenchmarkDefinition Define(string name, string layout) => new(
        name,
        Version: "1",
        Task: "image-classification",
        Dataset: name,
        Protocol.Classify,
        layout,
        Path: name,
        ClassCount: Shapes.All.Count,
        EvalTransform,
        Metrics: [Metric.Top1Accuracy, Metric.Top5Accuracy],
        SampleCount: SampleCount);

    private static void WriteDefinition(string root, BenchmarkDefinition definition)
    {
        var json = JsonSerializer.Serialize(definition, Indented);
        File.WriteAllText(Path.Combine(root, $"{definition.Name}.json"), json + "\n");
    }
}
