using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>Memory as tensors of libtorch that own nothing.</summary>
internal static unsafe partial class TorchView
{
    /// <summary>The batch's memory as [N, 3 or 1, H, W], float32 or 8-bit; valid until the batch is released.</summary>
    public static Tensor Of(ImageBatch batch)
    {
        var type = batch.Layout == PixelLayout.Bytes ? ScalarType.Byte : ScalarType.Float32;
        var (n, h, w) = (batch.Count, batch.Image.Height, batch.Image.Width);
        if (batch.Layout is PixelLayout.Planes or PixelLayout.Luma)
        {
            return Of(batch.Memory.Address, [n, batch.Layout == PixelLayout.Planes ? 3 : 1, h, w], type);
        }
        using var rows = Of(batch.Memory.Address, [n, h, w, 3], type);
        return rows.permute(0, 3, 1, 2);
    }

    /// <summary>Where a contiguous tensor's first number is, in the memory of its device.</summary>
    public static nint AddressOf(Tensor tensor) => THSTensor_data(tensor.Handle);

    /// <summary>Memory as a contiguous tensor, valid as long as the memory is.</summary>
    public static Tensor Of(nint address, ReadOnlySpan<long> shape, ScalarType type)
    {
        fixed (long* sizes = shape)
        {
            var handle = THSTensor_new(
                address, &NothingToFree, sizes, shape.Length, (sbyte)type, (sbyte)type, deviceType: 0, deviceIndex: 0, 0);
            return handle != 0
                ? Tensor.UnsafeCreateTensor(handle)
                : throw new InvalidOperationException("libtorch makes no tensor of a batch.");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void NothingToFree(nint memory)
    {
    }

    // TorchSharp's own function behind torch.tensor(array): it has no public one for memory that is not an array's.
    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_new(
        nint data, delegate* unmanaged[Cdecl]<nint, void> free, long* sizes, int dimensions, sbyte type, sbyte dtype,
        int deviceType, int deviceIndex, byte requiresGradient);

    // Behind Tensor.data<T>(), which refuses tensors that are not on the CPU.
    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint tensor);
}
