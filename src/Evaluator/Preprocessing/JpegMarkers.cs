namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>The marker segments of a JPEG file.</summary>
internal static class JpegMarkers
{
    private const byte EndOfImage = 0xD9;

    /// <summary>Walks the segments and says whether the end-of-image marker comes before the end of the file.</summary>
    public static bool ReachEndOfImage(ReadOnlySpan<byte> file)
    {
        var position = 2;
        while (NextMarker(file, ref position) is { } marker)
        {
            if (marker == EndOfImage)
            {
                return true;
            }
            if (HasSegment(marker))
            {
                if (position + 2 > file.Length)
                {
                    return false;
                }
                position += (file[position] << 8) | file[position + 1];
            }
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

    // All but TEM and RST0 to SOI; of a scan the segment is its header, its data are skipped by the search above.
    private static bool HasSegment(byte marker) => marker is not (0x01 or (>= 0xD0 and <= 0xD8));
}
