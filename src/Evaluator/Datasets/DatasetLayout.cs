using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Finds a benchmark's dataset and reads which samples it has, by the layout that the definition names.
/// </summary>
internal static class DatasetLayout
{
    /// <summary>
    /// The dataset's folder below the datasets root. Throws <see cref="EvaluationFailedException"/> where it is absent,
    /// or where <c>path</c> leaves the root or leads through a symbolic link; the root itself may be one.
    /// </summary>
    public static string FolderOf(BenchmarkDefinition definition, string datasetsRoot) =>
        DatasetPath.RequireFolder(Path.GetFullPath(datasetsRoot), definition.Path);

    /// <summary>
    /// The samples of the split in the dataset's order; each is known to be there. Throws
    /// <see cref="EvaluationFailedException"/> where the folder is not as the definition says.
    /// </summary>
    public static IReadOnlyList<Sample> Read(BenchmarkDefinition definition, string datasetFolder)
    {
        var samples = List(definition, datasetFolder);
        DatasetPath.RequireFiles(definition, datasetFolder, samples);
        return samples;
    }

    /// <summary>The samples as the layout lists them, whether their files exist or not.</summary>
    public static IReadOnlyList<Sample> List(BenchmarkDefinition definition, string datasetFolder) =>
        definition.Layout switch
        {
            Layouts.ImageFolder => ImageFolderLayout.List(definition, datasetFolder),
            Layouts.ImageList => ImageListLayout.List(definition, datasetFolder),
            Layouts.WebVision => WebVisionLayout.List(definition, datasetFolder),
            Layouts.OmniBenchmark => OmniBenchmarkLayout.List(definition, datasetFolder),
            _ => throw new ArgumentException($"'{definition.Layout}' is no layout.", nameof(definition)),
        };
}
