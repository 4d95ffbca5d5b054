using System.Diagnostics;
using Leaderboard.Evaluator.Checkpoints;

namespace Leaderboard.Performance;

/// <summary>How fast weights of another type become float32: one tensor in memory, by itself.</summary>
internal static class Converting
{
    /// <param name="dtype">The type's name, for example <c>float16</c>.</param>
    /// <param name="count">Number of weights; a ViT-L has 304 million.</param>
    public static Measured Weights(string dtype, int count)
    {
        var type = TensorDtype.OfName(dtype) ?? throw new ArgumentException($"There is no type {dtype}.", nameof(dtype));
        var bytes = new byte[(long)count * type.Bytes];
        new Random(1).NextBytes(bytes);
        var tensor = StoredTensor.Contiguous(type, [count], count, StoredBytes.InMemory(bytes));
        var numbers = new float[count];
        tensor.CopyTo(numbers);
        var start = Stopwatch.GetTimestamp();
        tensor.CopyTo(numbers);
        return new Measured($"convert {dtype}", count, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
