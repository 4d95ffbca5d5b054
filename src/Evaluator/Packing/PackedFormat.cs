using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Preprocessing;

namespace Leaderboard.Evaluator.Packing;

/// <summary>
/// The transformed images of a dataset as one safetensors file with one tensor: <c>images</c>, uint8 [N, H, W, 3], in
/// the order of evaluation. All but the pixels follows from number and size, so a reader compares and parses nothing.
/// </summary>
internal static class PackedFormat
{
    public const string ImagesFile = "images.safetensors";

    /// <summary>
    /// The targets, <c>targets</c> int64 [N], are a file of their own: the images are shown to checkpoints.
    /// </summary>
    public const string TargetsFile = "targets.safetensors";

    /// <summary>What stands before the pixels.</summary>
    public static byte[] Header(int count, ImageSize size)
    {
        using var header = new MemoryStream();
        _ = new SafetensorsWriter(
            header, [new AnnouncedTensor("images", TensorDtype.UInt8, [count, size.Height, size.Width, 3])]);
        return header.ToArray();
    }

    /// <summary>Length of the whole file in bytes.</summary>
    public static long Length(int count, ImageSize size) => Header(count, size).Length + checked(count * size.Bytes);

    public static void WriteTargets(string path, IReadOnlyList<int> targets)
    {
        using var file = new BufferedStream(File.Create(path));
        var writer = new SafetensorsWriter(file, [new AnnouncedTensor("targets", TensorDtype.Int64, [targets.Count])]);
        foreach (var target in targets)
        {
            writer.Write(BitConverter.GetBytes((long)target));
        }
        writer.Complete();
    }
}
