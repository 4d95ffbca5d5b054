using System.Buffers.Binary;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>numpy's type of an element, as a pickle writes it: its code, then its byte order.</summary>
/// <param name="code">Kind and bytes, for example <c>f4</c>.</param>
internal sealed class NumpyDtype(string code)
{
    /// <summary>The same type of a stored tensor; null where there is none.</summary>
    public TensorDtype? Stored { get; } = code switch
    {
        "f8" => TensorDtype.Float64,
        "f4" => TensorDtype.Float32,
        "f2" => TensorDtype.Float16,
        "i8" => TensorDtype.Int64,
        "u1" => TensorDtype.UInt8,
        _ => null,
    };

    public bool IsBigEndian { get; private set; }

    // (version, byte order, …): numpy/_core/src/multiarray/descriptor.c, `arraydescr_reduce`.
    public void SetState(object? state) => IsBigEndian = state is object?[] items && items.ElementAtOrDefault(1) is ">";

    /// <summary>A number of (dtype, bytes); something opaque where it is none that a Python number is.</summary>
    public static object Scalar(object?[] args) =>
        args is [NumpyDtype dtype, byte[] bytes] && dtype.Number(bytes) is { } number
            ? number
            : new PickleOpaque("numpy scalar");

    private object? Number(byte[] bytes)
    {
        var ordered = IsBigEndian && bytes.Length <= sizeof(double) ? Enumerable.Reverse(bytes).ToArray() : bytes;
        return (code, ordered.Length) switch
        {
            ("f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(ordered),
            ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(ordered),
            ("f2", 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(ordered),
            ("i8", 8) => BinaryPrimitives.ReadInt64LittleEndian(ordered),
            ("i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(ordered),
            ("i2", 2) => (long)BinaryPrimitives.ReadInt16LittleEndian(ordered),
            ("i1", 1) => (long)(sbyte)ordered[0],
            ("u4", 4) => (long)BinaryPrimitives.ReadUInt32LittleEndian(ordered),
            ("u2", 2) => (long)BinaryPrimitives.ReadUInt16LittleEndian(ordered),
            ("u1", 1) => (long)ordered[0],
            ("b1", 1) => ordered[0] != 0,
            _ => null,
        };
    }
}
