using System.Runtime.InteropServices;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>
/// Weights one after another in a file, float32: ONNX's external data. ONNX Runtime maps it, so that of weights there is
/// no copy in memory but the one that it lays out for its kernels.
/// </summary>
internal static class WeightsFile
{
    private const int Alignment = 64;

    /// <summary>Writes the tensors and tells where each begins, in bytes.</summary>
    public static Dictionary<string, long> Write(string path, Weights weights, IEnumerable<string> names)
    {
        var offsets = new Dictionary<string, long>();
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var numbers = Array.Empty<float>();
        var position = 0L;
        foreach (var name in names)
        {
            var count = weights.CountOf(name);
            if (numbers.Length < count)
            {
                numbers = GC.AllocateUninitializedArray<float>(count);
            }
            weights.Read(name, numbers.AsSpan(0, count));
            RandomAccess.Write(file, MemoryMarshal.AsBytes(numbers.AsSpan(0, count)), position);
            offsets[name] = position;
            position += (((long)count * sizeof(float)) + Alignment - 1) / Alignment * Alignment;
        }
        return offsets;
    }
}
