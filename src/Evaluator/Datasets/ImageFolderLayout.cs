using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Layout <c>image_folder</c>: one folder a class, classes and images in ordinal order of their names. Whatever else
/// lies there is an error: a file that is passed over in silence would change the score. Of a benchmark of a dataset's
/// first classes, the folders behind are not looked at.
/// </summary>
internal static class ImageFolderLayout
{
    private static readonly HashSet<string> Extensions =
        new([".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif"], StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<Sample> List(
        BenchmarkDefinition definition, DatasetPart part, string folder, ICollection<FileFinding>? unreadable)
    {
        var dataset = DatasetLayout.PathOf(definition, part);
        var classes = Names(folder, dataset);
        RequireAll(
            classes, name => Is(folder, name, FileKind.Folder), $"{dataset} holds what is no class folder");
        var expected = definition.ClassMask?.Count ?? definition.ClassCount;
        if (definition.FirstClasses is not null && classes.Count > expected)
        {
            classes.RemoveRange(expected, classes.Count - expected);
        }
        if (classes.Count != expected)
        {
            throw DatasetFailure.Changed(
                $"{dataset} holds {classes.Count} class folders, but the benchmark has {expected}.");
        }
        return
        [
            .. classes.SelectMany((name, index) =>
                ListClass(dataset, folder, name, definition.ClassMask?[index] ?? index, unreadable)),
        ];
    }

    private static IEnumerable<Sample> ListClass(
        string dataset, string folder, string name, int target, ICollection<FileFinding>? unreadable)
    {
        var classFolder = Path.Combine(folder, name);
        var shown = DatasetPath.Printable($"{dataset}/{name}");
        List<string> images;
        try
        {
            images = Names(classFolder, shown);
        }
        catch (EvaluationFailedException denied) when (unreadable is not null && denied.Code == FailureCodes.DatasetMissing)
        {
            unreadable.Add(new FileFinding(name, denied.Message));
            return [];
        }
        if (images.Count == 0)
        {
            throw DatasetFailure.Changed($"The class folder {shown} is empty.");
        }
        RequireAll(
            images,
            // What may not be looked at is found wanting where its file is read.
            image => Extensions.Contains(Path.GetExtension(image))
                && (Is(classFolder, image, FileKind.File) || Is(classFolder, image, FileKind.Denied)),
            $"{shown} holds what is no image file");
        return images.Select(image => new Sample($"{name}/{image}", target));
    }

    private static List<string> Names(string folder, string shown)
    {
        var names = DatasetFailure.Reading(shown, () => Directory.EnumerateFileSystemEntries(folder)
            .Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)
            .ToList());
        RequireAll(
            names, DatasetPath.IsReadable, $"{shown} holds names with control characters or bytes that are no UTF-8");
        return names;
    }

    private static bool Is(string folder, string name, FileKind kind) =>
        FileStatus.Of(Path.Combine(folder, name)).Kind == kind;

    private static void RequireAll(IReadOnlyList<string> names, Func<string, bool> isRight, string complaint)
    {
        var wrong = names.Where(name => !isRight(name)).ToList();
        if (wrong.Count > 0)
        {
            throw DatasetFailure.Changed(
                FormattableString.Invariant($"{complaint} ({wrong.Count}): {Few.Of(wrong)}."));
        }
    }
}
