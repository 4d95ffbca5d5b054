namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>One row of each pass of Pillow's <c>ImagingResample</c> for 8-bit RGB, in plain arithmetic.</summary>
internal static class ResampleScalar
{
    private const int Half = 1 << (ResampleTable.Precision - 1);

    /// <summary>Resizes one row of pixels.</summary>
    public static void Horizontal(ReadOnlySpan<byte> row, ResampleTable table, Span<byte> resized)
    {
        for (var x = 0; x < table.Count; x++)
        {
            var weights = table.Weights.AsSpan(x * table.Stride, table.Lengths[x]);
            var pixels = row.Slice(3 * table.Starts[x], 3 * weights.Length);
            var (red, green, blue) = (Half, Half, Half);
            for (var i = 0; i < weights.Length; i++)
            {
                red += pixels[3 * i] * weights[i];
                green += pixels[(3 * i) + 1] * weights[i];
                blue += pixels[(3 * i) + 2] * weights[i];
            }
            resized[3 * x] = Clip(red);
            resized[(3 * x) + 1] = Clip(green);
            resized[(3 * x) + 2] = Clip(blue);
        }
    }

    /// <summary>Sums one row of the result out of the rows below each other that it depends on.</summary>
    /// <param name="rows">These rows; the first byte is the first that is summed.</param>
    /// <param name="stride">Distance in bytes from row to row.</param>
    /// <param name="weights">One weight a row.</param>
    /// <param name="result">The sums, from this one byte of the row on.</param>
    public static void Vertical(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> weights, Span<byte> result)
    {
        for (var x = 0; x < result.Length; x++)
        {
            var sum = Half;
            for (var i = 0; i < weights.Length; i++)
            {
                sum += rows[(i * stride) + x] * weights[i];
            }
            result[x] = Clip(sum);
        }
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> ResampleTable.Precision, 0, 255);
}
