using TorchSharp;

namespace Leaderboard.Evaluator.Models;

/// <summary>The memory of a tensor.</summary>
internal static class TensorFloats
{
    /// <summary>The numbers of a contiguous float32 tensor in the CPU's memory, to be written in place.</summary>
    public static unsafe Span<float> AsFloats(this torch.Tensor tensor)
    {
        var bytes = tensor.bytes;
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes);
    }
}
