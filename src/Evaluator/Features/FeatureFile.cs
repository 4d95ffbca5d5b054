using Leaderboard.Evaluator.Checkpoints;

namespace Leaderboard.Evaluator.Features;

/// <summary>
/// The features of a split as one safetensors file with one tensor: <c>features</c>, float32 [N, D], in the manifest's
/// order. All but the numbers follows from N and D, so a reader compares and parses nothing.
/// </summary>
internal static class FeatureFile
{
    public const string Name = "features.safetensors";

    /// <summary>The most features that an image may have.</summary>
    public const int MostFeatures = 1 << 16;

    /// <summary>What stands before the numbers.</summary>
    public static byte[] Header(int count, int dimension)
    {
        using var header = new MemoryStream();
        _ = new SafetensorsWriter(header, [new AnnouncedTensor("features", TensorDtype.Float32, [count, dimension])]);
        return header.ToArray();
    }

    /// <summary>Length of the whole file in bytes.</summary>
    public static long Length(int count, int dimension) =>
        Header(count, dimension).Length + checked((long)count * dimension * sizeof(float));
}
