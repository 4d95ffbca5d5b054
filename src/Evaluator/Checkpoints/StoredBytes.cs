using Microsoft.Win32.SafeHandles;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>Bytes of a checkpoint: a stretch of its file, or the unpacked bytes of a compressed part.</summary>
internal sealed class StoredBytes
{
    private readonly SafeFileHandle? file;
    private readonly byte[]? memory;
    private readonly long offset;

    private StoredBytes(SafeFileHandle? file, byte[]? memory, long offset, long length)
    {
        this.file = file;
        this.memory = memory;
        this.offset = offset;
        Length = length;
    }

    public long Length { get; }

    public static StoredBytes InFile(SafeFileHandle file, long offset, long length) => new(file, null, offset, length);

    public static StoredBytes InMemory(byte[] bytes) => new(null, bytes, 0, bytes.Length);

    /// <summary>Fills <paramref name="into"/> with the bytes from <paramref name="start"/> on.</summary>
    public void Read(long start, Span<byte> into)
    {
        if (start < 0 || start > Length - into.Length)
        {
            throw Refused.Truncated("The file ends before the data that it announces.");
        }
        if (memory != null)
        {
            memory.AsSpan((int)(offset + start), into.Length).CopyTo(into);
            return;
        }
        while (into.Length > 0)
        {
            var read = RandomAccess.Read(file!, into, offset + start);
            if (read == 0)
            {
                throw Refused.Truncated("The file ends before the data that it announces.");
            }
            start += read;
            into = into[read..];
        }
    }

    /// <summary>All bytes at once, for parts that are small: <paramref name="limit"/> bytes at most.</summary>
    public byte[] ReadAll(int limit, string what)
    {
        if (Length > limit)
        {
            throw Refused.TooLarge($"{what} is {Length} bytes long; {limit} are read at most.");
        }
        var bytes = new byte[Length];
        Read(0, bytes);
        return bytes;
    }

    public StoredBytes Slice(long start, long length) => new(file, memory, offset + start, length);
}
