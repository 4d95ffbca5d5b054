using System.Buffers.Binary;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>The end of a zip archive, which says where its directory is; zip64's too.</summary>
internal static class ZipEnd
{
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int End64Length = 56;

    /// <summary>Where the directory starts, its length in bytes and its number of entries.</summary>
    public static (long Start, long Length, long Count) Find(StoredBytes file)
    {
        var tailLength = (int)Math.Min(file.Length, EndLength + ushort.MaxValue + LocatorLength);
        var tail = new byte[tailLength];
        file.Read(file.Length - tailLength, tail);
        for (var at = tailLength - EndLength; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (U32(end) == 0x06054b50 && U16(end[20..]) == end.Length - EndLength)
            {
                var found = (Start: (long)U32(end[16..]), Length: (long)U32(end[12..]), Count: (long)U16(end[10..]));
                var endsAt = file.Length - tailLength + at;
                if (at >= LocatorLength && U32(tail.AsSpan(at - LocatorLength)) == 0x07064b50)
                {
                    var locator = tail.AsSpan(at - LocatorLength, LocatorLength);
                    (found, endsAt) = ReadEnd64(file, (long)U64(locator[8..]));
                }
                return found.Start >= 0 && found.Length >= 0 && found.Start <= endsAt - found.Length
                    ? found
                    : throw Refused.Unrecognised("The zip's directory lies outside the file.");
            }
        }
        throw Refused.Truncated("The zip has no end: the file was cut off.");
    }

    private static ((long Start, long Length, long Count) Found, long EndsAt) ReadEnd64(StoredBytes file, long at)
    {
        if (at < 0 || at > file.Length - End64Length)
        {
            throw Refused.Unrecognised("The zip's directory lies outside the file.");
        }
        var end = new byte[End64Length];
        file.Read(at, end);
        return U32(end) == 0x06064b50
            ? (((long)U64(end.AsSpan(48)), (long)U64(end.AsSpan(40)), (long)U64(end.AsSpan(32))), at)
            : throw Refused.Unrecognised("The zip's directory lies outside the file.");
    }

    public static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    public static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public static ulong U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
