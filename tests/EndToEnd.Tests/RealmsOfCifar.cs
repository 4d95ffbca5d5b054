using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>
/// Real images of CIFAR-10 laid out as OmniBenchmark's authors lay theirs out, in three realms: by their download tool,
/// by their README and by their tar, with the oddities of their lists.
/// </summary>
internal static class RealmsOfCifar
{
    public static readonly string[] Vehicles = ["airplane", "automobile", "ship", "truck"];
    public static readonly string[] Mammals = ["cat", "deer", "dog", "horse"];
    public static readonly string[] Others = ["bird", "frog"];

    /// <summary>Writes the dataset <c>cifar-omni</c> into a datasets root, once.</summary>
    public static void Write(string datasets)
    {
        var root = Path.Combine(datasets, "cifar-omni");
        if (Directory.Exists(root))
        {
            return;
        }
        // Labelled test lists; a line stands twice, a file has a space in its name.
        var vehicles = Path.Combine(root, "meta", "vehicle");
        Split(Path.Combine(vehicles, "train"), "images", "records.txt", Vehicles, 0, 60, repeatsFirst: true);
        Split(Path.Combine(vehicles, "val"), "images", "records.txt", Vehicles, 60, 20);
        Split(Path.Combine(vehicles, "test"), "images", "records.txt", Vehicles, 80, 20);
        // Test labels that are all 0, as published: val is reported.
        var mammals = Path.Combine(root, "mammal");
        Split(Path.Combine(mammals, "mammal.train"), "images", "record.txt", Mammals, 0, 60);
        Split(Path.Combine(mammals, "mammal.val"), "images", "record.txt", Mammals, 60, 20);
        Split(Path.Combine(mammals, "mammal.test"), "images", "record.txt", Mammals, 80, 20, hidesLabels: true);
        // The tar has no test at all.
        var others = Path.Combine(root, "other");
        Split(others, "train/images", "train.txt", Others, 0, 60);
        Split(others, "val/images", "val.txt", Others, 60, 20);
    }

    /// <summary>Writes <c>cifar-train</c> and <c>cifar-val</c>, a folder a class each, once.</summary>
    public static void WriteFolders(string datasets, int train, int val)
    {
        if (Directory.Exists(Path.Combine(datasets, "cifar-train")))
        {
            return;
        }
        foreach (var name in Vehicles.Concat(Mammals).Concat(Others))
        {
            Copy(name, 0, train, Path.Combine(datasets, "cifar-train", name));
            Copy(name, train, val, Path.Combine(datasets, "cifar-val", name));
        }
    }

    private static void Split(
        string folder, string images, string records, string[] classes, int from, int count, bool hidesLabels = false,
        bool repeatsFirst = false)
    {
        var lines = new List<string>();
        foreach (var (target, name) in classes.Index())
        {
            var names = Copy(name, from, count, Path.Combine(folder, images), prefix: $"{name} ");
            lines.AddRange(names.Select(file => $"{images}/{file} {(hidesLabels ? 0 : target)}"));
        }
        if (repeatsFirst)
        {
            lines.Add(lines[0]);
        }
        File.WriteAllLines(Path.Combine(folder, records), lines);
    }

    private static List<string> Copy(string name, int from, int count, string folder, string prefix = "")
    {
        Directory.CreateDirectory(folder);
        var copied = new List<string>();
        foreach (var file in Directory.GetFiles(RealData.At("images", "cifar10_png", name)).Order().Skip(from).Take(count))
        {
            copied.Add(prefix + Path.GetFileName(file));
            File.Copy(file, Path.Combine(folder, copied[^1]), overwrite: true);
        }
        return copied;
    }
}
