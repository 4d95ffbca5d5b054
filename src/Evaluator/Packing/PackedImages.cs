using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;

namespace Leaderboard.Evaluator.Packing;

/// <summary>Images of a packed file, mapped into memory: a row is its pixels, and nothing is read or copied first.</summary>
internal sealed unsafe partial class PackedImages : ImageSource
{
    private const int ReadAheadAndForget = 2; // MADV_SEQUENTIAL

    private readonly MemoryMappedFile file;
    private readonly byte* pixels;
    private readonly MemoryMappedViewAccessor view;

    /// <summary>Throws <see cref="InvalidDataException"/> where the file is not what number and size make it.</summary>
    public PackedImages(string path, int count, ImageSize size)
    {
        (Count, Size) = (count, size);
        var header = PackedFormat.Header(count, size);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var length = stream.Length;
        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        if (length != PackedFormat.Length(count, size) || !new ReadOnlySpan<byte>(start, header.Length).SequenceEqual(header))
        {
            Dispose();
            throw new InvalidDataException($"{path} does not hold {count} images of {size} pixels.");
        }
        // A hint: without it, pages come more slowly, and the same.
        _ = AdviseAccess(start, (nuint)length, ReadAheadAndForget);
        pixels = start + header.Length;
    }

    public override int Count { get; }

    public override ImageSize Size { get; }

    // One copies faster than any forward pass takes images.
    public override int UsefulThreads(int available) => 1;

    public override string NameOf(int index) => FormattableString.Invariant($"sample {index} (counted from 0)");

    public override ImageReader NewReader() => new Reader(this);

    public override void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int AdviseAccess(byte* address, nuint length, int advice);

    private sealed class Reader(PackedImages source) : ImageReader
    {
        private readonly int length = (int)source.Size.Bytes;

        public override ReadOnlySpan<byte> Read(int index)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)source.Count);
            return new ReadOnlySpan<byte>(source.pixels + ((long)index * length), length);
        }

        public override void Dispose()
        {
        }
    }
}
