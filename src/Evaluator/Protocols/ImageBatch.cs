using Leaderboard.Evaluator.Preprocessing;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>How pixels lie in a batch.</summary>
internal enum PixelLayout
{
    /// <summary>Normalised float32 [N, 3, H, W].</summary>
    Planes,

    /// <summary>Normalised float32 [N, H, W, 3].</summary>
    ChannelsLast,

    /// <summary>Normalised float32 [N, 1, H, W] of the pixels' luma.</summary>
    Luma,

    /// <summary>8-bit [N, H, W, 3] as decoded, for an engine that normalises by itself.</summary>
    Bytes,
}

/// <summary>How an engine wants its batches.</summary>
/// <param name="Layout">How pixels lie in them.</param>
/// <param name="Size">Images in a batch; the last one may have fewer.</param>
internal readonly record struct BatchFormat(PixelLayout Layout, int Size)
{
    // More than eight images of 224 x 224 gained nothing on two cores (docs/performance.md); small images share as much.
    private const int PixelsPerBatch = 8 * 224 * 224;
    private const int MaxSize = 256;

    // A GPU's thousands of cores share out the pixels of many images; the larger a batch, the less its launches weigh.
    private const int PixelsPerGpuBatch = 128 * 224 * 224;
    private const int MaxGpuSize = 1024;

    /// <summary>Batches for a forward pass on a CPU.</summary>
    public static BatchFormat ForCpu(PixelLayout layout, ImageSize image) =>
        new(layout, (int)Math.Clamp(PixelsPerBatch / image.Pixels, 1, MaxSize));

    /// <summary>Batches for a forward pass on a GPU.</summary>
    public static BatchFormat ForGpu(PixelLayout layout, ImageSize image) =>
        new(layout, (int)Math.Clamp(PixelsPerGpuBatch / image.Pixels, 1, MaxGpuSize));

    /// <summary>Bytes of one image.</summary>
    public long ImageBytes(ImageSize image) => Layout switch
    {
        PixelLayout.Bytes => image.Bytes,
        PixelLayout.Luma => image.Pixels * sizeof(float),
        _ => image.Bytes * sizeof(float),
    };
}

/// <summary>Consecutive samples.</summary>
/// <param name="First">Index of the first sample.</param>
/// <param name="Count">Number of samples.</param>
/// <param name="Image">Width and height of each.</param>
/// <param name="Layout">How pixels lie in the memory.</param>
/// <param name="Memory">The batch's until it is released. One of a few, each always at the same address.</param>
/// <param name="Normalisation">Of a batch of <see cref="PixelLayout.Bytes"/>, what is left to be done to them.</param>
internal readonly record struct ImageBatch(
    int First, int Count, ImageSize Image, PixelLayout Layout, BatchMemory Memory, Normalisation? Normalisation = null);
