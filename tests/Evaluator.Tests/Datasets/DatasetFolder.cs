using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared.Benchmarks;

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

    /// <summary>The samples of a part of a benchmark's dataset, by default of what is evaluated.</summary>
    public IReadOnlyList<Sample> Read(BenchmarkDefinition definition, DatasetPart? part = null) => DatasetLayout.Read(
        definition, part ?? DatasetPart.Evaluated, DatasetLayout.FolderOf(definition, part ?? DatasetPart.Evaluated, Root));

    /// <summary>Reading it fails with this code and says this.</summary>
    public void AssertFails(BenchmarkDefinition definition, string code, string message, DatasetPart? part = null) =>
        AssertFails(code, message, () => Read(definition, part));

    /// <summary>Whatever reads it fails with this code and says this, and nothing of where the folder is.</summary>
    public EvaluationFailedException AssertFails(string code, string message, Func<object> read)
    {
        var failure = Assert.Throws<EvaluationFailedException>(read);
        Assert.Equal(code, failure.Code);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Root, failure.Message, StringComparison.Ordinal);
        return failure;
    }

    public void Dispose() => root.Delete(recursive: true);
}
