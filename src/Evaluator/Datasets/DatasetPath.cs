namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Paths within the datasets root. A path that leaves it, by <c>..</c>, from the root of the file system or through a
/// symbolic link at any level, is never opened; so below the datasets root links are not followed at all.
/// </summary>
internal static class DatasetPath
{
    /// <summary>
    /// True for a relative path of plain names, without <c>.</c>, <c>..</c>, empty names and control characters.
    /// </summary>
    public static bool IsPlain(string path) =>
        path.Split('/').All(name => name is not ("" or "." or "..") && IsReadable(name));

    /// <summary>
    /// False for a name with control characters or with bytes that are no UTF-8 (.NET reads them as U+FFFD).
    /// </summary>
    public static bool IsReadable(string name) =>
        !name.Any(character => char.IsControl(character) || character == '\uFFFD');

    /// <summary>The absolute path of a folder below another, every level of which is a folder and no link.</summary>
    public static string RequireFolder(string root, string path)
    {
        if (!IsPlain(path))
        {
            throw DatasetFailure.Missing($"'{Printable(path)}' is no path within the datasets root.");
        }
        var folder = root;
        foreach (var name in path.Split('/'))
        {
            folder = Path.Combine(folder, name);
            var shown = Printable(Path.GetRelativePath(root, folder));
            switch (FileStatus.Of(folder).Kind)
            {
                case FileKind.Folder:
                    continue;
                case FileKind.Link:
                    throw DatasetFailure.Missing($"{shown} is a symbolic link; links are not followed.");
                case FileKind.Denied:
                    throw DatasetFailure.Missing($"{shown} cannot be read: permission denied.");
                default:
                    throw DatasetFailure.Missing($"There is no folder {shown} below the datasets root.");
            }
        }
        return folder;
    }

    /// <summary>Refuses samples whose files are absent, no regular files, or reached through a link.</summary>
    public static void RequireFiles(string dataset, string folder, IReadOnlyList<Sample> samples)
    {
        var folders = NoFolders();
        var missing = samples.Select(sample => sample.Path).Where(path => !IsFile(folder, path, folders)).ToList();
        if (missing.Count > 0)
        {
            throw DatasetFailure.Missing(
                $"Of the {samples.Count} images listed in {dataset}, {missing.Count} are absent or no "
                + $"plain files (links are not followed): {Few.Of(missing)}.");
        }
    }

    /// <summary>
    /// What <see cref="IsFile"/> knows at first of the folders on the way: that the dataset's own is one.
    /// </summary>
    public static Dictionary<string, bool> NoFolders() => new(StringComparer.Ordinal) { [""] = true };

    /// <summary>
    /// True where the path leads through folders alone, and no link, to a regular file. What is learnt of the folders
    /// is kept in the last argument, at first <see cref="NoFolders"/>.
    /// </summary>
    public static bool IsFile(string folder, string path, Dictionary<string, bool> folders) =>
        IsFolder(folder, Parent(path), folders) && FileStatus.Of(Path.Combine(folder, path)).Kind == FileKind.File;

    /// <summary>A text from a file or a definition as a message may show it.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Take(200).Select(character => char.IsControl(character) ? '\uFFFD' : character));

    private static bool IsFolder(string folder, string path, Dictionary<string, bool> folders)
    {
        if (!folders.TryGetValue(path, out var known))
        {
            known = IsFolder(folder, Parent(path), folders)
                && FileStatus.Of(Path.Combine(folder, path)).Kind == FileKind.Folder;
            folders.Add(path, known);
        }
        return known;
    }

    private static string Parent(string path) => path.LastIndexOf('/') is >= 0 and var slash ? path[..slash] : "";
}
