namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>
/// Pillow gives a transparent pixel of a GIF the colour that its palette has for it; libvips makes it black. So the
/// flag that calls one colour transparent is taken out of the first frame before libvips reads the file.
/// </summary>
internal static class GifPalette
{
    private const int HeaderLength = 13;
    private const byte Extension = 0x21;
    private const byte GraphicControl = 0xF9;

    public static bool Recognises(ReadOnlySpan<byte> file) =>
        file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8);

    /// <summary>Clears the flag in every graphic control block before the first frame of a GIF.</summary>
    public static void MakeOpaque(Span<byte> file)
    {
        if (!Recognises(file) || file.Length < HeaderLength)
        {
            return;
        }
        var hasPalette = (file[10] & 0x80) != 0;
        var position = HeaderLength + (hasPalette ? 3 * (2 << (file[10] & 7)) : 0);
        while (position + 3 < file.Length && file[position] == Extension)
        {
            if (file[position + 1] == GraphicControl)
            {
                file[position + 3] &= 0xFE;
            }
            position += 2;
            while (position < file.Length && file[position] != 0)
            {
                position += 1 + file[position];
            }
            position++;
        }
    }
}
