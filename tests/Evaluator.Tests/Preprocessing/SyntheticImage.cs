using System.Buffers.Binary;

namespace Leaderboard.Evaluator.Tests.Preprocessing;

/// <summary>
/// Images that <c>make_goldens.py</c> computes by the same integer rule, so that none has to be stored.
/// </summary>
internal static class SyntheticImage
{
    public static byte[] Pixels(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y, channel) = ((uint)(i / 3 % width), (uint)(i / 3 / width), (uint)(i % 3));
            var n = (x * 73) + (y * 151) + (x * y * 3) + (channel * 199);
            pixels[i] = (byte)((n * 2654435761u) >> 24);
        }
        return pixels;
    }

    /// <summary>The image as a Windows bitmap of 24 bits.</summary>
    public static byte[] Bitmap(int width, int height)
    {
        var stride = ((3 * width) + 3) / 4 * 4;
        var file = new byte[54 + (stride * height)];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), -height);
        file[26] = 1;
        file[28] = 24;
        var pixels = Pixels(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (from, to) = (3 * ((y * width) + x), 54 + (y * stride) + (3 * x));
                (file[to], file[to + 1], file[to + 2]) = (pixels[from + 2], pixels[from + 1], pixels[from]);
            }
        }
        return file;
    }
}
