using System.Runtime.InteropServices;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>A tensor of a checkpoint, left in the file until it is copied into a network.</summary>
internal sealed class StoredTensor
{
    private const int ChunkBytes = 1 << 20;
    private const int MaxStridedExtent = int.MaxValue / sizeof(float);

    private readonly long first;
    private readonly TensorStorage storage;
    private readonly long[] strides;

    private StoredTensor(TensorDtype dtype, long[] shape, long[] strides, long first, TensorStorage storage, long count)
    {
        Dtype = dtype;
        Shape = shape;
        Count = count;
        this.strides = strides;
        this.first = first;
        this.storage = storage;
    }

    public TensorDtype Dtype { get; }

    public IReadOnlyList<long> Shape { get; }

    /// <summary>Number of elements.</summary>
    public long Count { get; }

    /// <summary>A tensor of a storage, checked against it; sizes, strides and offset count elements.</summary>
    public static StoredTensor Of(TensorDtype dtype, long[] shape, long[] strides, long offset, StorageView view)
    {
        if (shape.Length != strides.Length || offset < 0 || shape.Any(size => size < 0) || strides.Any(s => s < 0))
        {
            throw Refused.Unrecognised("A tensor has sizes, strides or an offset that no tensor can have.");
        }
        if (dtype.Bytes == 0 || view.Storage.Dtype.Bytes == 0)
        {
            throw Refused.Unrecognised($"Tensors of {dtype.Name}, whose elements share a byte, are not read here.");
        }
        if (view.Storage.IsBigEndian && dtype != view.Storage.Dtype)
        {
            throw Refused.Unrecognised("The file is of a big-endian machine; save it again on another.");
        }
        // An untyped storage counts bytes, its tensors elements.
        var available = dtype == view.Storage.Dtype ? view.Count : view.Count * view.Storage.Dtype.Bytes / dtype.Bytes;
        var start = dtype == view.Storage.Dtype ? view.First : view.First * view.Storage.Dtype.Bytes / dtype.Bytes;
        var count = (Int128)1;
        var last = (Int128)offset;
        for (var i = 0; i < shape.Length; i++)
        {
            count = count > long.MaxValue ? count : count * shape[i];
            last += last > long.MaxValue ? 0 : Int128.Max(shape[i] - 1, 0) * strides[i];
        }
        // More elements than the storage holds can only be a repeated one: memory on the word of the file.
        if (!shape.Contains(0) && (last >= available || count > available))
        {
            throw Refused.Unrecognised("A tensor reaches beyond the storage that it names.");
        }
        return new StoredTensor(
            dtype, shape, strides, start + offset, view.Storage, shape.Contains(0) ? 0 : (long)count);
    }

    /// <summary>A tensor whose elements lie one after another in <paramref name="bytes"/>.</summary>
    public static StoredTensor Contiguous(TensorDtype dtype, long[] shape, long count, StoredBytes bytes) => new(
        dtype, shape, Strides(shape), 0, new TensorStorage(dtype, count) { Bytes = bytes }, count);

    /// <summary>Copies its elements as float32, in row-major order. Only for floating-point types.</summary>
    public void CopyTo(Span<float> destination)
    {
        if (Count == 0)
        {
            return;
        }
        if (!IsContiguous())
        {
            CopyStrided(destination);
        }
        else
        {
            CopyRun(destination);
        }
    }

    /// <summary>The steps from one element to the next along each axis, the last axis fastest or the first.</summary>
    public static long[] Strides(long[] shape, bool isFirstFastest = false)
    {
        var strides = new long[shape.Length];
        var step = 1L;
        for (var i = 0; i < shape.Length; i++)
        {
            var axis = isFirstFastest ? i : shape.Length - 1 - i;
            strides[axis] = step;
            step *= Math.Max(shape[axis], 1);
        }
        return strides;
    }

    private bool IsContiguous()
    {
        var step = 1L;
        for (var i = Shape.Count - 1; i >= 0; i--)
        {
            if (Shape[i] != 1 && strides[i] != step)
            {
                return false;
            }
            step *= Shape[i];
        }
        return true;
    }

    // Elements one after another in the storage, from the tensor's first on.
    private void CopyRun(Span<float> destination)
    {
        if (Dtype == TensorDtype.Float32 && !storage.IsBigEndian)
        {
            storage.Bytes!.Read(first * sizeof(float), MemoryMarshal.AsBytes(destination));
            return;
        }
        var buffer = new byte[Math.Min(ChunkBytes, (long)destination.Length * Dtype.Bytes)];
        for (var done = 0; done < destination.Length;)
        {
            var count = Math.Min(buffer.Length / Dtype.Bytes, destination.Length - done);
            var chunk = buffer.AsSpan(0, count * Dtype.Bytes);
            storage.Bytes!.Read((first + done) * Dtype.Bytes, chunk);
            ToLittleEndian(chunk);
            FloatElements.Widen(Dtype, chunk, destination.Slice(done, count));
            done += count;
        }
    }

    private void CopyStrided(Span<float> destination)
    {
        var extent = 1 + Shape.Select((size, i) => (size - 1) * strides[i]).Sum();
        if (extent > MaxStridedExtent)
        {
            throw Refused.TooLarge("A strided tensor spans over 2 GB; save it contiguous.");
        }
        var numbers = new float[extent];
        CopyRun(numbers);

        var index = new long[Shape.Count];
        var position = 0L;
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = numbers[position];
            for (var axis = index.Length - 1; axis >= 0; axis--)
            {
                position += strides[axis];
                if (++index[axis] < Shape[axis])
                {
                    break;
                }
                position -= Shape[axis] * strides[axis];
                index[axis] = 0;
            }
        }
    }

    private void ToLittleEndian(Span<byte> elements)
    {
        for (var at = 0; storage.IsBigEndian && at < elements.Length; at += Dtype.Bytes)
        {
            elements.Slice(at, Dtype.Bytes).Reverse();
        }
    }
}
