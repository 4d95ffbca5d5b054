using System.Buffers.Binary;
using System.Numerics;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>Decodes uncompressed Windows bitmaps, which libvips has no reader of its own for.</summary>
internal static class BmpDecoder
{
    public static bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith("BM"u8);

    public static ImageSize ReadSize(ReadOnlySpan<byte> file, string name) => BmpHeader.Read(file, name).Size;

    public static void Decode(ReadOnlySpan<byte> file, string name, RgbBuffer target)
    {
        var header = BmpHeader.Read(file, name);
        var (width, height) = (header.Size.Width, header.Size.Height);
        var stride = (((long)width * header.Bits) + 31) / 32 * 4;
        var rowBytes = (((long)width * header.Bits) + 7) / 8;
        if (header.PixelOffset + (stride * (height - 1)) + rowBytes > file.Length)
        {
            throw ImageDecoder.Unreadable(name, "the file is truncated");
        }
        target.Reset(header.Size);
        for (var y = 0; y < height; y++)
        {
            var at = header.PixelOffset + (stride * (header.TopDown ? y : height - 1 - y));
            var row = file.Slice((int)at, (int)rowBytes);
            var rgb = target.Pixels.Slice(3 * width * y, 3 * width);
            if (header.Bits <= 8)
            {
                LookUpRow(row, header, rgb);
            }
            else
            {
                UnpackRow(row, header, rgb);
            }
        }
    }

    private static void LookUpRow(ReadOnlySpan<byte> row, BmpHeader header, Span<byte> rgb)
    {
        var mask = (1 << header.Bits) - 1;
        for (int bit = 0, to = 0; to < rgb.Length; bit += header.Bits, to += 3)
        {
            var index = (row[bit / 8] >> (8 - header.Bits - (bit % 8))) & mask;
            (rgb[to], rgb[to + 1], rgb[to + 2]) = header.Colour(index);
        }
    }

    private static void UnpackRow(ReadOnlySpan<byte> row, BmpHeader header, Span<byte> rgb)
    {
        var (red, green, blue) = header.Masks;
        var bytes = header.Bits / 8;
        for (int from = 0, to = 0; to < rgb.Length; from += bytes, to += 3)
        {
            uint pixel = BinaryPrimitives.ReadUInt16LittleEndian(row[from..]);
            for (var i = 2; i < bytes; i++)
            {
                pixel |= (uint)row[from + i] << (8 * i);
            }
            (rgb[to], rgb[to + 1], rgb[to + 2]) = (Channel(pixel, red), Channel(pixel, green), Channel(pixel, blue));
        }
    }

    private static byte Channel(uint pixel, uint mask)
    {
        var shift = BitOperations.TrailingZeroCount(mask);
        return (byte)(((pixel & mask) >> shift) * 255 / (mask >> shift));
    }
}
