using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Layout <c>image_folder</c>: one folder a class, classes and images in ordinal order of their names. Whatever else
/// lies there is an error: a file that is passed over in silence would change the score.
/// </summary>
internal static class ImageFolderLayout
{
    private static readonly HashSet<string> Extensions =
        new([".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif"], StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<Sample> List(BenchmarkDefinition definition, string folder)
    {
        var classes = Names(folder, definition.Path);
        RequireAll(
            classes, name => Is(folder, name, FileKind.Folder), $"{definition.Path} holds what is no class folder");
        if (classes.Count != definition.ClassCount)
        {
            throw DatasetFailure.Changed(
                $"{definition.Path} holds {classes.Count} class folders, but the benchmark has "
                + $"{definition.ClassCount}.");
        }
        return [.. classes.SelectMany((name, target) => ListClass(definition, folder, name, target))];
    }

    private static IEnumerable<Sample> ListClass(
        BenchmarkDefinition definition, string folder, string name, int target)
    {
        var classFolder = Path.Combine(folder, name);
        var shown = DatasetPath.Printable($"{definition.Path}/{name}");
        var images = Names(classFolder, shown);
        if (images.Count == 0)
        {
            throw DatasetFailure.Changed($"The class folder {shown} is empty.");
        }
        RequireAll(
            images,
            image => Extensions.Contains(Path.GetExtension(image)) && Is(classFolder, image, FileKind.File),
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
