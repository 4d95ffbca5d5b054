namespace Leaderboard.Evaluator.Tests.Datasets;

/// <summary>A dataset's folder of a test's own, removed at its end.</summary>
internal sealed class DatasetFolder : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("leaderboard-datasets-");

    public string Root => root.FullName;

    public string At(string path) => Path.Combine(Root, path);

    /// <summary>Writes a file and the folders above it.</summary>
    public void Write(string path, string content = "image")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }

    public void Write(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            Write(path, content: path);
        }
    }

    public void Dispose() => root.Delete(recursive: true);
}
