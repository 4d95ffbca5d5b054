using System.Buffers.Binary;
using System.Text;
using static Leaderboard.Evaluator.Checkpoints.ZipEnd;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// The list of entries of a zip archive, zip64 too, checked before anything is unpacked: no entry overlaps another,
/// lies outside the file, repeats a name or has a path that leads elsewhere, and all of them together unpack to little
/// more than the file itself.
/// </summary>
internal static class ZipDirectory
{
    /// <summary>Most bytes that compressed entries may unpack to. Weights hardly compress, and are stored.</summary>
    public const int MaxCompressedBytes = 256 << 20;

    private const int MaxDirectoryBytes = 64 << 20;
    private const long RatioAllowed = 10;
    private const long SlackBytes = 1 << 20;

    private const int CentralLength = 46;
    private const int LocalLength = 30;

    // APPNOTE.TXT 6.3.10, sections 4.3.6 to 4.5.3: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
    public static IReadOnlyList<ZipEntry> Read(StoredBytes file)
    {
        var (start, length, count) = ZipEnd.Find(file);
        if (length > MaxDirectoryBytes)
        {
            throw Refused.TooLarge($"The zip's directory has {length} bytes; {MaxDirectoryBytes} are read at most.");
        }
        var directory = new byte[length];
        file.Read(start, directory);

        var entries = new List<ZipEntry>();
        var names = new HashSet<string>();
        var rest = directory.AsSpan();
        for (var i = 0L; i < count; i++)
        {
            var entry = ReadEntry(file, start, ref rest);
            if (!names.Add(entry.Name))
            {
                throw Refused.Unrecognised($"The zip holds {Refused.Quote(entry.Name)} twice.");
            }
            entries.Add(entry);
        }
        CheckSizes(entries, file.Length);
        return entries;
    }

    private static ZipEntry ReadEntry(StoredBytes file, long directoryStart, ref Span<byte> rest)
    {
        if (rest.Length < CentralLength || U32(rest) != 0x02014b50)
        {
            throw Refused.Unrecognised("The zip's directory is damaged.");
        }
        int flags = U16(rest[8..]), method = U16(rest[10..]);
        var checksum = U32(rest[16..]);
        int nameLength = U16(rest[28..]), extraLength = U16(rest[30..]), commentLength = U16(rest[32..]);
        if (rest.Length < CentralLength + nameLength + extraLength + commentLength)
        {
            throw Refused.Unrecognised("The zip's directory is damaged.");
        }
        var nameBytes = rest.Slice(CentralLength, nameLength);
        var name = CheckedName(Encoding.UTF8.GetString(nameBytes));
        var extra = rest.Slice(CentralLength + nameLength, extraLength);
        var size = Field64(U32(rest[24..]), ref extra);
        var packedSize = Field64(U32(rest[20..]), ref extra);
        var header = Field64(U32(rest[42..]), ref extra);
        rest = rest[(CentralLength + nameLength + extraLength + commentLength)..];

        // Bit 0: encrypted. Bit 5: a patch.
        if ((flags & 0x21) != 0 || method is not (ZipEntry.Stored or ZipEntry.Deflated))
        {
            throw Refused.Unrecognised(
                $"The zip entry {Refused.Quote(name)} is encrypted or packed in a way not read here.");
        }
        if (method == ZipEntry.Stored && size != packedSize)
        {
            throw Refused.Unrecognised($"The zip entry {Refused.Quote(name)} has two different sizes.");
        }
        var data = FindData(file, directoryStart, header, packedSize, nameBytes, name);
        return new ZipEntry(name, method, checksum, size, header, file.Slice(data, packedSize));
    }

    private static long FindData(
        StoredBytes file, long directoryStart, long header, long packedSize, ReadOnlySpan<byte> name, string shown)
    {
        var outside = $"The zip entry {Refused.Quote(shown)} lies outside the file or under another name.";
        if (header < 0 || packedSize < 0 || header > directoryStart - LocalLength - name.Length)
        {
            throw Refused.Unrecognised(outside);
        }
        var local = new byte[LocalLength + name.Length];
        file.Read(header, local);
        var data = header + local.Length + U16(local.AsSpan(28));
        return U32(local) == 0x04034b50 && U16(local.AsSpan(26)) == name.Length
            && local.AsSpan(LocalLength).SequenceEqual(name) && data <= directoryStart - packedSize
                ? data
                : throw Refused.Unrecognised(outside);
    }

    // A 32-bit field that is full stands in the zip64 extra field instead, in this order, each only if it is full.
    private static long Field64(uint field, ref Span<byte> extra)
    {
        if (field != uint.MaxValue)
        {
            return field;
        }
        while (extra.Length >= 4 && U16(extra) != 1 && extra.Length >= 4 + U16(extra[2..]))
        {
            extra = extra[(4 + U16(extra[2..]))..];
        }
        if (extra.Length < 12 || U16(extra) != 1 || U16(extra[2..]) < 8)
        {
            throw Refused.Unrecognised("The zip's directory is damaged.");
        }
        var value = (long)U64(extra[4..]);
        // What is left keeps its head, so that the next field is found in the same way.
        var left = (ushort)(U16(extra[2..]) - 8);
        extra = extra[8..];
        BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(extra[2..], left);
        return value >= 0 ? value : throw Refused.Unrecognised("The zip's directory is damaged.");
    }

    private static string CheckedName(string name)
    {
        // An archive packed by hand lists its folders too, with a slash at the end.
        var path = name.EndsWith('/') ? name[..^1] : name;
        var hostile = name.Contains('\\') || name.Contains('\0') || name.Contains(':')
            || path.Split('/').Any(part => part is "" or "." or "..");
        return hostile
            ? throw Refused.Unsafe($"The zip entry {Refused.Quote(name)} has a path that leads elsewhere.")
            : name;
    }

    private static void CheckSizes(List<ZipEntry> entries, long fileLength)
    {
        var unpacked = entries.Aggregate((Int128)0, (sum, entry) => sum + entry.Size);
        var compressed = entries.Where(entry => entry.Method != ZipEntry.Stored).Sum(entry => (decimal)entry.Size);
        if (unpacked > ((Int128)fileLength * RatioAllowed) + SlackBytes || compressed > MaxCompressedBytes)
        {
            throw Refused.TooLarge(
                $"The zip unpacks to {unpacked} bytes from {fileLength}: more than {RatioAllowed} times its size, or "
                + $"more than {MaxCompressedBytes} bytes compressed. Save it as torch.save does, uncompressed.");
        }
        var end = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.HeaderOffset))
        {
            if (entry.HeaderOffset < end)
            {
                throw Refused.Unrecognised($"The zip entry {Refused.Quote(entry.Name)} overlaps another.");
            }
            end = entry.HeaderOffset + LocalLength + entry.Packed.Length;
        }
    }
}
