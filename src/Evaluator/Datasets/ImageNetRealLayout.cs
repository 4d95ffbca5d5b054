using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Layout <c>imagenet_real</c>: <c>val/</c> holds the validation images of ILSVRC 2012, flat or in class folders, and
/// <c>real.json</c> the labels of "Are we done with ImageNet?" (Beyer et al. 2020, google-research/reassessed-imagenet):
/// of image number n, the classes at place n − 1, any number of them. Images without a label are left out, as there.
/// </summary>
internal static partial class ImageNetRealLayout
{
    private const string LabelsFile = "real.json";

    private static readonly EnumerationOptions WithoutLinks = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    public static IReadOnlyList<Sample> List(BenchmarkDefinition definition, string folder)
    {
        var labels = ReadLabels(definition, folder);
        var images = new SortedDictionary<int, string>();
        foreach (var path in Images(definition, folder))
        {
            var number = NumberOf(path) is { } n && n >= 1 && n <= labels.Count
                ? n
                : throw DatasetFailure.Changed(
                    $"{DatasetPath.Printable(path)} in {definition.Path} is none of the images 1 to {labels.Count} of {LabelsFile}.");
            if (!images.TryAdd(number, path))
            {
                throw DatasetFailure.Changed(
                    $"{DatasetPath.Printable(path)} and {DatasetPath.Printable(images[number])} have one number.");
            }
        }
        return images.Count == labels.Count
            ? [.. images.Where(image => labels[image.Key - 1].Length > 0)
                .Select(image => new Sample(image.Value, Sample.Several, [.. labels[image.Key - 1].Order()]))]
            : throw DatasetFailure.Missing(
                $"{definition.Path}/val holds {images.Count} images, but {LabelsFile} has labels of {labels.Count}.");
    }

    // Links are neither followed nor taken.
    private static List<string> Images(BenchmarkDefinition definition, string folder)
    {
        var val = DatasetPath.RequireFolder(folder, "val");
        var paths = DatasetFailure.Reading(
            $"{definition.Path}/val",
            () => Directory.GetFiles(val, "*", WithoutLinks).Select(path => Path.GetRelativePath(folder, path)).ToList());
        return paths.Find(path => !DatasetPath.IsPlain(path)) is { } unreadable
            ? throw DatasetFailure.Changed($"{DatasetPath.Printable(unreadable)} in {definition.Path} has no readable name.")
            : paths;
    }

    private static int? NumberOf(string path) =>
        FileName().Match(Path.GetFileName(path)) is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    private static List<int[]> ReadLabels(BenchmarkDefinition definition, string folder)
    {
        if (!DatasetPath.IsFile(folder, LabelsFile, DatasetPath.NoFolders()))
        {
            throw DatasetFailure.Missing($"There is no file {LabelsFile} in {definition.Path} (links are not followed).");
        }
        var json = DatasetFailure.Reading(
            $"{definition.Path}/{LabelsFile}", () => File.ReadAllBytes(Path.Combine(folder, LabelsFile)));
        try
        {
            var labels = JsonSerializer.Deserialize<List<int[]>>(json);
            if (labels is { Count: > 0 } && labels.All(each => each?.All(c => c >= 0 && c < definition.ClassCount) == true))
            {
                return labels;
            }
        }
        catch (JsonException malformed)
        {
            throw DatasetFailure.Changed($"{LabelsFile} in {definition.Path} is no JSON: {malformed.Message}");
        }
        throw DatasetFailure.Changed(
            $"{LabelsFile} in {definition.Path} is no list of lists of classes 0 to {definition.ClassCount - 1}.");
    }

    [GeneratedRegex(@"^ILSVRC2012_val_(\d{8})\.JPEG\z")]
    private static partial Regex FileName();
}
