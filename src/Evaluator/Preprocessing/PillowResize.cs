namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>
/// Resizes 8-bit RGB as Pillow's <c>Image.resize</c> does, to the byte: horizontally first, rounded to 8 bits between
/// the passes, a pass of unchanged size skipped. Only the window that a crop keeps is computed. Not thread-safe.
/// </summary>
internal sealed unsafe class PillowResize
{
    private readonly ResampleTable horizontal = new();
    private readonly ResampleTable vertical = new();
    private byte[] rows = [];

    /// <summary>Whether vector instructions are used; the bytes are the same.</summary>
    public bool Vectorised { get; init; } = ResampleAvx2.IsSupported;

    // One byte more than the pixels have: vector code writes four bytes a pixel.
    private int ResizedStride => (3 * horizontal.Count) + 1;

    /// <summary>Writes the window of the resized image to the target's rows, which are stride bytes apart.</summary>
    public void Apply(
        RgbBuffer image, ImageSize resized, Window window, ResampleFilter filter, Span<byte> target, int stride)
    {
        horizontal.Make(filter, image.Size.Width, resized.Width, window.Left, window.Width);
        vertical.Make(filter, image.Size.Height, resized.Height, window.Top, window.Height);
        var keepsHeight = image.Size.Height == resized.Height;
        var firstRow = keepsHeight ? window.Top : vertical.FirstSource;
        var endRow = keepsHeight ? window.Top + window.Height : vertical.EndSource;

        var keepsWidth = image.Size.Width == resized.Width;
        var sourceStride = keepsWidth ? 3 * image.Size.Width : ResizedStride;
        var left = keepsWidth ? 3 * window.Left : 0;
        var source = keepsWidth
            ? image.PixelsWithSlack[(firstRow * sourceStride)..]
            : ResizeRows(image, firstRow, endRow);

        for (var y = 0; y < window.Height; y++)
        {
            var result = target.Slice(y * stride, 3 * window.Width);
            if (keepsHeight)
            {
                source.Slice((y * sourceStride) + left, result.Length).CopyTo(result);
            }
            else
            {
                SumRows(source[(((vertical.Starts[y] - firstRow) * sourceStride) + left)..], sourceStride, y, result);
            }
        }
    }

    private ReadOnlySpan<byte> ResizeRows(RgbBuffer image, int firstRow, int endRow)
    {
        var stride = ResizedStride;
        var needed = checked((stride * (endRow - firstRow)) + RgbBuffer.Slack);
        if (rows.Length < needed)
        {
            rows = new byte[needed];
        }
        var sourceStride = 3 * image.Size.Width;
        fixed (byte* pixels = image.PixelsWithSlack, target = rows)
        {
            var firstPixels = pixels + ((long)firstRow * sourceStride);
            var count = endRow - firstRow;
            for (var y = 0; Vectorised && y < count; y += 4)
            {
                ResampleAvx2.Horizontal(
                    Four(firstPixels, y, count, sourceStride), horizontal, Four(target, y, count, stride));
            }
            for (var y = 0; !Vectorised && y < count; y++)
            {
                ResampleScalar.Horizontal(
                    new(firstPixels + ((long)y * sourceStride), sourceStride),
                    horizontal,
                    new(target + ((long)y * stride), stride));
            }
        }
        return rows;
    }

    // Behind the last row it is taken again.
    private static ResampleAvx2.Rows Four(byte* rows, int y, int count, int stride) => new(
        rows + ((long)y * stride),
        rows + ((long)Math.Min(y + 1, count - 1) * stride),
        rows + ((long)Math.Min(y + 2, count - 1) * stride),
        rows + ((long)Math.Min(y + 3, count - 1) * stride));

    private void SumRows(ReadOnlySpan<byte> source, int stride, int y, Span<byte> result)
    {
        var (at, length) = (y * vertical.Stride, vertical.Lengths[y]);
        if (!Vectorised || result.Length < ResampleAvx2.Columns)
        {
            ResampleScalar.Vertical(source, stride, vertical.Weights.AsSpan(at, length), result);
            return;
        }
        fixed (byte* pixels = source, target = result)
        fixed (short* lows = vertical.Low, highs = vertical.High)
        {
            // The last step overlaps the one before it where the row is no multiple of a step.
            var last = result.Length - ResampleAvx2.Columns;
            for (var x = 0; x < last; x += ResampleAvx2.Columns)
            {
                ResampleAvx2.Vertical(pixels + x, stride, lows + at, highs + at, length, target + x);
            }
            ResampleAvx2.Vertical(pixels + last, stride, lows + at, highs + at, length, target + last);
        }
    }
}
