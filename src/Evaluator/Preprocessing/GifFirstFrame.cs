using System.Buffers.Binary;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>
/// Where libvips and Pillow part in the first frame of a GIF. Pillow gives a transparent pixel the colour that the
/// palette has for it, and fills what the frame leaves of the screen with that colour or the palette's first; libvips
/// makes both black.
/// </summary>
internal readonly record struct GifFirstFrame(Window Frame, byte Red, byte Green, byte Blue)
{
    private const int HeaderLength = 13;
    private const byte Extension = 0x21;
    private const byte GraphicControl = 0xF9;
    private const byte ImageDescriptor = 0x2C;

    public static bool Recognises(ReadOnlySpan<byte> file) =>
        file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8);

    /// <summary>
    /// Clears the flag that calls one colour transparent, so that libvips keeps the colour, and says what else it will
    /// get wrong; null for a file that has no frame where one should be.
    /// </summary>
    public static GifFirstFrame? Prepare(Span<byte> file)
    {
        if (file.Length < HeaderLength)
        {
            return null;
        }
        var background = 0;
        var position = HeaderLength + PaletteLength(file[10]);
        while (position + 7 < file.Length && file[position] == Extension)
        {
            if (file[position + 1] == GraphicControl)
            {
                background = (file[position + 3] & 1) != 0 ? file[position + 6] : 0;
                file[position + 3] &= 0xFE;
            }
            position += 2;
            while (position < file.Length && file[position] != 0)
            {
                position += 1 + file[position];
            }
            position++;
        }
        return position + 10 <= file.Length && file[position] == ImageDescriptor
            ? Read(file, position, background)
            : null;
    }

    /// <summary>Paints what the frame leaves of the screen.</summary>
    public void FillSurround(RgbBuffer image)
    {
        var (width, height) = (image.Size.Width, image.Size.Height);
        if (Frame.Left == 0 && Frame.Top == 0 && Frame.Width >= width && Frame.Height >= height)
        {
            return;
        }
        for (int y = 0, at = 0; y < height; y++)
        {
            var inRows = y >= Frame.Top && y < Frame.Top + Frame.Height;
            for (var x = 0; x < width; x++, at += 3)
            {
                if (!inRows || x < Frame.Left || x >= Frame.Left + Frame.Width)
                {
                    (image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]) = (Red, Green, Blue);
                }
            }
        }
    }

    private static GifFirstFrame? Read(ReadOnlySpan<byte> file, int descriptor, int background)
    {
        var local = PaletteLength(file[descriptor + 9]);
        var palette = local > 0 ? descriptor + 10 : HeaderLength;
        var colour = palette + (3 * background);
        if (colour + 3 > file.Length)
        {
            return null;
        }
        var fields = file[(descriptor + 1)..];
        return new(
            new Window(
                BinaryPrimitives.ReadUInt16LittleEndian(fields),
                BinaryPrimitives.ReadUInt16LittleEndian(fields[2..]),
                BinaryPrimitives.ReadUInt16LittleEndian(fields[4..]),
                BinaryPrimitives.ReadUInt16LittleEndian(fields[6..])),
            file[colour],
            file[colour + 1],
            file[colour + 2]);
    }

    private static int PaletteLength(byte flags) => (flags & 0x80) != 0 ? 3 * (2 << (flags & 7)) : 0;
}
