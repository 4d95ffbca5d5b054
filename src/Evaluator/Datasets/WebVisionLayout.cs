using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Layout <c>webvision</c>, as WebVision 1.0 comes: <c>info/val_filelist.txt</c> has bare file names and labels; the
/// images are in <c>val_images_256</c> (short side 256 pixels), or where the definition says. Lists of training images
/// have paths from the dataset's folder.
/// </summary>
internal static class WebVisionLayout
{
    public static IReadOnlyList<Sample> List(BenchmarkDefinition definition, DatasetPart part, string folder)
    {
        var (list, prefix) = part.Split == Split.Train
            ? (DatasetLayout.ListOf(definition, part), "")
            : ("info/val_filelist.txt", $"{definition.Images ?? "val_images_256"}/");
        return new ListFile(definition.Path, folder, list, prefix).Read(LabelRange.Of(definition));
    }
}
