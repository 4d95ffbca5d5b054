using System.Globalization;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Layout <c>voc</c>: Pascal VOC 2007, the folder <c>VOCdevkit/VOC2007</c> of its tar files: the images in
/// <c>JPEGImages</c> and of every class and split a list <c>ImageSets/Main/class_split.txt</c>, lines
/// <c>000005 -1</c>, <c>000007  1</c>. Samples come in the order of the first class's list, each with the classes that it
/// is labelled 1 for, as MoPro reads them (salesforce/MoPro <c>DataLoader/VOC_dataset.py</c>,
/// <c>read_object_labels</c>): an object that is difficult, 0, counts as absent. The lists without a class in their name
/// are not read. Train is <c>trainval</c>, what is evaluated <c>test</c>.
/// </summary>
internal static class VocLayout
{
    /// <summary>The classes in their order.</summary>
    public static readonly IReadOnlyList<string> Classes =
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog",
        "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    public static IReadOnlyList<Sample> List(BenchmarkDefinition definition, DatasetPart part, string folder)
    {
        var split = part.Split == Split.Train ? "trainval" : "test";
        if (definition.ClassCount != Classes.Count)
        {
            throw DatasetFailure.Changed(
                $"VOC 2007 has {Classes.Count} classes, but the benchmark has {definition.ClassCount}.");
        }
        var lists = Classes.Select(name => new ListFile(
            definition.Path, folder, $"ImageSets/Main/{name}_{split}.txt", "JPEGImages/")).ToList();
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
        return [.. first.Keys.Select(path => new Sample(
            path, Sample.Several, [.. Enumerable.Range(0, Classes.Count).Where(c => labels[path][c] > 0)]))];
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
