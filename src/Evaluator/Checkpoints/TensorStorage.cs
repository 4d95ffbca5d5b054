namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>The numbers behind one or more tensors. A legacy file names it before its bytes have been found.</summary>
internal sealed class TensorStorage(TensorDtype dtype, long count, bool isBigEndian = false)
{
    public TensorDtype Dtype { get; } = dtype;

    /// <summary>Number of elements of <see cref="Dtype"/>.</summary>
    public long Count { get; } = count;

    /// <summary>Whether each element's bytes lie as a big-endian machine has them.</summary>
    public bool IsBigEndian { get; } = isBigEndian;

    public StoredBytes? Bytes { get; set; }
}

/// <summary>A storage as a pickle names it: a part of a <see cref="TensorStorage"/>, mostly all of it.</summary>
internal sealed record StorageView(TensorStorage Storage, long First, long Count);
