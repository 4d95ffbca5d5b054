using Leaderboard.Shared.Hosting;

namespace Leaderboard.Api.Archive;

/// <summary>Finds the dumps of Papers With Code in a folder.</summary>
internal static class ArchiveFolder
{
    private static readonly (ArchiveKind Kind, string[] Names)[] Dumps =
    [
        (ArchiveKind.Papers, ["papers-with-abstracts"]),
        (ArchiveKind.Links, ["links-between-papers-and-code", "links-between-paper-and-code"]),
        (ArchiveKind.Methods, ["methods"]),
        (ArchiveKind.Datasets, ["datasets"]),
        (ArchiveKind.EvaluationTables, ["evaluation-tables"]),
    ];

    public static IReadOnlyList<ArchiveFile> Find(string? folder, IReadOnlyList<string> tables)
    {
        var files = new List<ArchiveFile>();
        if (folder is not null)
        {
            if (!Directory.Exists(folder))
            {
                throw new SettingException($"There is no folder {folder}.");
            }
            files.AddRange(Dumps.Select(dump => Find(folder, dump.Kind, dump.Names)).OfType<ArchiveFile>());
            if (files.Count == 0)
            {
                throw new SettingException(
                    $"{folder} holds none of the archive's files: {string.Join(", ", Dumps.Select(dump => dump.Names[0]))}, each "
                    + ".json or .json.gz. Evaluation tables of another name are given by --tables FILE.");
            }
        }
        foreach (var path in tables.Select(Path.GetFullPath))
        {
            files.Add(File.Exists(path)
                ? new ArchiveFile(ArchiveKind.Tables, path)
                : throw new SettingException($"There is no file {path}."));
        }
        return files;
    }

    private static ArchiveFile? Find(string folder, ArchiveKind kind, string[] names)
    {
        string[] found =
        [
            .. names.SelectMany(name => (string[])[name + ".json", name + ".json.gz"])
                .Select(name => Path.Combine(Path.GetFullPath(folder), name)).Where(File.Exists),
        ];
        return found.Length <= 1
            ? found.Select(path => new ArchiveFile(kind, path)).SingleOrDefault()
            : throw new SettingException(
                $"Which is it, {string.Join(" or ", found.Select(Path.GetFileName))}? Leave one of them in {folder}.");
    }
}
