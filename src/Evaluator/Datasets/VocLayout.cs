using System.Globalization;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Layout <c>voc</c>: Pascal VOC 2007 as its tar files unpack, <c>VOCdevkit/VOC2007</c> with the images in
/// <c>JPEGImages</c> and of every class and split a list <c>ImageSets/Main/class_split.txt</c>, lines
/// <c>000005 -1</c>, <c>000007  1</c>. Samples come in the order of the first class's list, with these labels, as
/// MoPro reads them (salesforce/MoPro <c>DataLoader/VOC_dataset.py</c>, <c>read_object_labels</c>); the lists without
/// a class in their name are not read.
/// </summary>
internal static class VocLayout
{
    private const string Devkit = "VOCdevkit/VOC2007";

    /// <summary>The classes in their order.</summary>
    public static readonly IReadOnlyList<string> Classes =
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog",
        "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <summary>The split's samples; each is known to be there.</summary>
    /// <param name="definition">Names the dataset in messages.</param>
    /// <param name="folder">The folder that holds <c>VOCdevkit</c>.</param>
    /// <param name="split"><c>trainval</c>, <c>train</c>, <c>val</c> or <c>test</c>.</param>
    public static IReadOnlyList<MultiLabelSample> Read(BenchmarkDefinition definition, string folder, string split)
    {
        var samples = List(definition, folder, split);
        DatasetPath.RequireFiles(definition, folder, [.. samples.Select(sample => new Sample(sample.Path, Target: 0))]);
        return samples;
    }

    /// <summary>The samples as the lists have them, whether their files exist or not.</summary>
    public static IReadOnlyList<MultiLabelSample> List(BenchmarkDefinition definition, string folder, string split)
    {
        if (definition.ClassCount != Classes.Count)
        {
            throw DatasetFailure.Changed(
                $"VOC 2007 has {Classes.Count} classes, but the benchmark has {definition.ClassCount}.");
        }
        var lists = Classes.Select(name => new ListFile(
            definition.Path, folder, $"{Devkit}/ImageSets/Main/{name}_{split}.txt", $"{Devkit}/JPEGImages/")).ToList();
        var first = Labels(lists[0]);
        var labels = first.Keys.ToDictionary(path => path, _ => new sbyte[Classes.Count], StringComparer.Ordinal);
        foreach (var (index, list) in lists.Index())
        {
            var ofClass = index == 0 ? first : Labels(list);
            var differing = labels.Keys.Except(ofClass.Keys).Concat(ofClass.Keys.Except(labels.Keys)).ToList();
            if (differing.Count > 0)
            {
                throw DatasetFailure.Changed(FormattableString.Invariant(
                    $"{list.Path} and {lists[0].Path} do not list the same images; {differing.Count} are in one alone: ")
                    + $"{Few.Of(differing)}.");
            }
            foreach (var (path, label) in ofClass)
            {
                labels[path][index] = label;
            }
        }
        return [.. first.Keys.Select(path => new MultiLabelSample(path, labels[path]))];
    }

    // In the list's order.
    private static OrderedDictionary<string, sbyte> Labels(ListFile list)
    {
        var labels = new OrderedDictionary<string, sbyte>(StringComparer.Ordinal);
        foreach (var (number, line) in list.Lines())
        {
            var (name, label) = Parse(list, number, line);
            if (!labels.TryAdd(list.Prefix + name + ".jpg", label) && labels[list.Prefix + name + ".jpg"] != label)
            {
                throw list.Wrong(number, $"{DatasetPath.Printable(name)} has another label than before");
            }
        }
        return labels.Count > 0 ? labels : throw DatasetFailure.Changed($"The list {list.Path} in {list.Dataset} is empty.");
    }

    private static (string Name, sbyte Label) Parse(ListFile list, int number, string line)
    {
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var name, var text])
        {
            throw list.Wrong(number, $"'{DatasetPath.Printable(line)}' is no name and label");
        }
        if (!sbyte.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var label)
            || label is < -1 or > 1)
        {
            throw list.Wrong(number, $"label '{DatasetPath.Printable(text)}' is none of 1, 0 and -1");
        }
        return DatasetPath.IsPlain(name) && !name.Contains('/', StringComparison.Ordinal)
            ? (name, label)
            : throw list.Wrong(number, $"'{DatasetPath.Printable(name)}' is no name of an image");
    }
}
