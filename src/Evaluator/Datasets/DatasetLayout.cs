using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Finds a benchmark's dataset and reads which samples it has, by the layout that the definition names.
/// </summary>
internal static class DatasetLayout
{
    /// <summary>
    /// The folder of a part below the datasets root. Throws <see cref="EvaluationFailedException"/> where it is absent,
    /// or where its path leaves the root or leads through a symbolic link; the root itself may be one.
    /// </summary>
    public static string FolderOf(BenchmarkDefinition definition, DatasetPart part, string datasetsRoot) =>
        DatasetPath.RequireFolder(Path.GetFullPath(datasetsRoot), PathOf(definition, part));

    /// <summary>The path of a part's folder, relative to the datasets root.</summary>
    public static string PathOf(BenchmarkDefinition definition, DatasetPart part) =>
        definition is { Layout: Layouts.ImageFolder, Train: { } train } && part.Split == Split.Train
            ? train
            : definition.Path;

    /// <summary>
    /// The samples of a part in the dataset's order; each is known to be there. Throws
    /// <see cref="EvaluationFailedException"/> where the folder is not as the definition says.
    /// </summary>
    public static IReadOnlyList<Sample> Read(BenchmarkDefinition definition, DatasetPart part, string folder)
    {
        var samples = List(definition, part, folder);
        DatasetPath.RequireFiles(PathOf(definition, part), folder, samples);
        return samples;
    }

    /// <summary>The samples as the layout lists them, whether their files exist or not.</summary>
    /// <param name="definition">The benchmark.</param>
    /// <param name="part">Which of its samples.</param>
    /// <param name="folder">Where they are.</param>
    /// <param name="unreadable">Takes class folders that cannot be read; null: one ends the listing.</param>
    public static IReadOnlyList<Sample> List(
        BenchmarkDefinition definition, DatasetPart part, string folder, ICollection<FileFinding>? unreadable = null) =>
        definition.Layout switch
        {
            Layouts.ImageFolder => ImageFolderLayout.List(definition, part, folder, unreadable),
            Layouts.ImageList => ImageListLayout.List(definition, part, folder),
            Layouts.WebVision => WebVisionLayout.List(definition, part, folder),
            Layouts.OmniBenchmark => OmniBenchmarkLayout.List(definition, part, folder),
            Layouts.Voc => VocLayout.List(definition, part, folder),
            Layouts.ImageNetReal => ImageNetRealLayout.List(definition, folder),
            _ => throw new ArgumentException($"'{definition.Layout}' is no layout.", nameof(definition)),
        };

    /// <summary>The list that a definition names for a part.</summary>
    internal static string ListOf(BenchmarkDefinition definition, DatasetPart part) =>
        (part.Split == Split.Train ? definition.Train : definition.List)
        ?? throw DatasetFailure.Missing(
            $"There is no list of the {part.Split} split in the definition of {definition.Name}.");
}
