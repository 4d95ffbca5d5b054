using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Tests.Datasets;

/// <summary>A folder of a test's own, removed at its end.</summary>
internal sealed class TemporaryFolder : IDisposable
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

internal static class Definitions
{
    public static BenchmarkDefinition Of(string layout, int classCount, string? list = null, params Realm[] realms)
    {
        var transform = new EvalTransform(null, EvalTransform.Bilinear, null, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]);
        return new BenchmarkDefinition(
            "toy", "1", "image-classification", "toy", Protocol.Classify, layout, "toy", classCount,
            transform, ["top1_accuracy"], list, realms.Length == 0 ? null : realms);
    }
}
