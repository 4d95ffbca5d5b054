namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>A numpy array, as a pickle writes it; PyTorch writes a device's tensors so where it has no storages.</summary>
internal sealed class NumpyArray
{
    private byte[]? data;
    private NumpyDtype? dtype;
    private bool isFortran;
    private object? shape;

    /// <summary>Number of sizes that it says it has.</summary>
    public int Rank => (shape as IReadOnlyList<object?>)?.Count ?? 0;

    /// <summary>An array of (buffer, dtype, shape, order): pickle protocol 5.</summary>
    public static NumpyArray OfBuffer(object?[] args) => new()
    {
        data = args.ElementAtOrDefault(0) as byte[],
        dtype = args.ElementAtOrDefault(1) as NumpyDtype,
        shape = args.ElementAtOrDefault(2),
        isFortran = args.ElementAtOrDefault(3) is "F",
    };

    // (version, shape, dtype, is Fortran, data): numpy/_core/src/multiarray/methods.c, `array_reduce`.
    public void SetState(object? state)
    {
        if (state is object?[] { Length: 5 } items)
        {
            shape = items[1];
            dtype = items[2] as NumpyDtype;
            isFortran = items[3] is true or 1L;
            data = items[4] as byte[];
        }
    }

    /// <summary>The array as a tensor, checked against its bytes.</summary>
    public StoredTensor ToTensor()
    {
        if (data == null || dtype?.Stored is not { } element)
        {
            throw Refused.Unrecognised("The file holds a tensor as a numpy array of a type that is not read here.");
        }
        var sizes = TensorRebuilding.Sizes([shape], 0);
        var storage = new TensorStorage(element, data.Length / element.Bytes, dtype.IsBigEndian)
        {
            Bytes = StoredBytes.InMemory(data),
        };
        return StoredTensor.Of(
            element, sizes, StoredTensor.Strides(sizes, isFortran), 0, new StorageView(storage, 0, storage.Count));
    }
}
