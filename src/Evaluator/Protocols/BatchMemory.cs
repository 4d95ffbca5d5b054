using System.Runtime.InteropServices;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>
/// The memory of one batch: native, aligned to pages and used again, so that an engine can wrap it as its own tensor
/// once, or lock its pages for a GPU, and no batch is copied to reach it.
/// </summary>
internal sealed unsafe class BatchMemory : IDisposable
{
    private const int Alignment = 4096;

    private void* memory;

    public BatchMemory(long length)
    {
        Length = length;
        memory = NativeMemory.AlignedAlloc(checked((nuint)length), Alignment);
    }

    public nint Address => (nint)memory;

    /// <summary>In bytes.</summary>
    public long Length { get; }

    /// <summary>A part of it as bytes.</summary>
    public Span<byte> Bytes(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return new Span<byte>((byte*)memory + offset, length);
    }

    /// <summary>A part of it as float32; offset and length count numbers.</summary>
    public Span<float> Floats(long offset, int length) =>
        MemoryMarshal.Cast<byte, float>(Bytes(offset * sizeof(float), checked(length * sizeof(float))));

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
    }
}
