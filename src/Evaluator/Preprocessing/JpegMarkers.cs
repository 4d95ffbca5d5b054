namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>The marker segments of a JPEG file.</summary>
internal static class JpegMarkers
{
    private const byte Baseline = 0xC0;
    private const byte ExtendedSequential = 0xC1;
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    /// <summary>
    /// Says whether the file holds all that Pillow asks for: of a sequential image a scan that a marker ends, of others
    /// everything up to the end-of-image marker.
    /// </summary>
    public static bool HoldWholeImage(ReadOnlySpan<byte> file)
    {
        var (sequential, inScan) = (false, false);
        var position = 2;
        while (NextMarker(file, ref position) is { } marker)
        {
            if (marker == EndOfImage)
            {
                return true;
            }
            if (!HasSegment(marker))
            {
                continue;
            }
            if (inScan && sequential)
            {
                return true;
            }
            sequential |= marker is Baseline or ExtendedSequential;
            inScan = marker == StartOfScan;
            position += position + 2 <= file.Length ? (file[position] << 8) | file[position + 1] : 0;
        }
        return false;
    }

    // Bytes up to a marker are either a scan's data or garbage, which libjpeg skips too. FF 00 is data, FF FF fill.
    private static byte? NextMarker(ReadOnlySpan<byte> file, ref int position)
    {
        while (position + 1 < file.Length)
        {
            if (file[position] == 0xFF && file[position + 1] is not (0x00 or 0xFF))
            {
                position += 2;
                return file[position - 1];
            }
            position++;
        }
        return null;
    }

    // All but TEM and RST0 to SOI. A scan's segment is its header; its data are passed over by the search above.
    private static bool HasSegment(byte marker) => marker is not (0x01 or (>= 0xD0 and <= 0xD8));
}
