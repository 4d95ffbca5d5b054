using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Layout <c>webvision</c>, as WebVision 1.0 comes: <c>info/val_filelist.txt</c> has bare file names and labels; the
/// images are in <c>val_images_256</c> (short side 256 pixels) or, where that is absent, in <c>val_images</c>. Lists of
/// training images have paths from the dataset's folder.
/// </summary>
internal static class WebVisionLayout
{
    public static IReadOnlyList<Sample> List(BenchmarkDefinition definition, DatasetPart part, string folder)
    {
        var small = FileStatus.Of(Path.Combine(folder, "val_images_256")).Kind != FileKind.Missing;
        var (list, prefix) = part.Split == Split.Train
            ? (DatasetLayout.ListOf(definition, part), "")
            : ("info/val_filelist.txt", small ? "val_images_256/" : "val_images/");
        return new ListFile(definition.Path, folder, list, prefix).Read(LabelRange.Of(definition));
    }
}
