using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>Puts images into batches as an engine wants them, in one pass over the pixels.</summary>
internal sealed class BatchWriter(EvalTransform transform, BatchFormat format, ImageSize image)
{
    private readonly int length = (int)image.Bytes;
    private readonly Normalisation normalisation = new(transform);

    /// <summary>Writes an image, 8-bit RGB in rows, to the given place of the batch.</summary>
    public void Write(ReadOnlySpan<byte> pixels, BatchMemory batch, int place)
    {
        var offset = (long)place * length;
        switch (format.Layout)
        {
            case PixelLayout.Planes:
                normalisation.ToPlanes(pixels, batch.Floats(offset, length));
                break;
            case PixelLayout.ChannelsLast:
                normalisation.ToChannelsLast(pixels, batch.Floats(offset, length));
                break;
            case PixelLayout.Luma:
                normalisation.ToLuma(pixels, batch.Floats((long)place * length / 3, length / 3));
                break;
            case PixelLayout.Bytes:
                pixels.CopyTo(batch.Bytes(offset, length));
                break;
        }
    }
}
