using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Layout <c>image_list</c>: the definition names a list; its paths are relative to the dataset's folder.
/// </summary>
internal static class ImageListLayout
{
    public static IReadOnlyList<Sample> List(BenchmarkDefinition definition, DatasetPart part, string folder) =>
        new ListFile(definition.Path, folder, DatasetLayout.ListOf(definition, part), Prefix: "")
        {
            SeveralLabels = definition.Labels == LabelsOfSamples.Multi ? SeveralLabels.InALine : SeveralLabels.None,
        }
        .Read(LabelRange.Of(definition));
}
