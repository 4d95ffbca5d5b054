using System.IO.Compression;
using System.IO.Hashing;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>One file within a zip archive, as its central directory lists it.</summary>
/// <param name="Name">Path with forward slashes.</param>
/// <param name="Method">0 for stored, 8 for deflated.</param>
/// <param name="Checksum">CRC-32 of the unpacked bytes.</param>
/// <param name="Size">Unpacked size in bytes.</param>
/// <param name="HeaderOffset">Where the entry begins in the file.</param>
/// <param name="Packed">Its bytes as they lie in the file.</param>
internal sealed record ZipEntry(
    string Name, int Method, uint Checksum, long Size, long HeaderOffset, StoredBytes Packed)
{
    private const int ChunkBytes = 1 << 20;

    public const int Stored = 0;
    public const int Deflated = 8;

    /// <summary>The entry's bytes, checked against its size and checksum.</summary>
    public StoredBytes Open()
    {
        var bytes = Method == Stored ? Packed : StoredBytes.InMemory(Inflate());
        var crc = new Crc32();
        var chunk = new byte[Math.Min(ChunkBytes, bytes.Length)];
        for (var done = 0L; done < bytes.Length;)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, bytes.Length - done));
            bytes.Read(done, part);
            crc.Append(part);
            done += part.Length;
        }
        return crc.GetCurrentHashAsUInt32() == Checksum
            ? bytes
            : throw Refused.Unrecognised($"The zip entry {Refused.Quote(Name)} is damaged: its checksum differs.");
    }

    private byte[] Inflate()
    {
        var bytesPacked = Packed.ReadAll(ZipDirectory.MaxCompressedBytes, Refused.Quote(Name));
        using var packed = new MemoryStream(bytesPacked, writable: false);
        using var inflater = new DeflateStream(packed, CompressionMode.Decompress);
        var bytes = new byte[Size];
        try
        {
            inflater.ReadExactly(bytes);
            return inflater.ReadByte() < 0
                ? bytes
                : throw Refused.TooLarge($"The zip entry {Refused.Quote(Name)} unpacks to more than it announces.");
        }
        catch (InvalidDataException e)
        {
            throw Refused.Unrecognised($"The zip entry {Refused.Quote(Name)} is damaged: {e.Message}");
        }
        catch (EndOfStreamException)
        {
            throw Refused.Unrecognised($"The zip entry {Refused.Quote(Name)} unpacks to less than it announces.");
        }
    }
}
