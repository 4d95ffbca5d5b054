namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>The numbers behind one or more tensors. A legacy file names it before its bytes have been found.</summary>
internal sealed class TensorStorage(TensorDtype dtype, long count)
{
    public TensorDtype Dtype { get; } = dtype;

    /// <summary>Number of elements of <see cref="Dtype"/>.</summary>
    public long Count { get; } = count;

    public StoredBytes? Bytes { get; set; }
}

/// <summary>A storage as a pickle names it: a part of a <see cref="TensorStorage"/>, mostly all of it.</summary>
internal sealed record StorageView(TensorStorage Storage, long First, long Count);
