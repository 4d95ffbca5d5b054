using System.Runtime.Intrinsics;

namespace Leaderboard.Evaluator.Protocols.Neighbours;

/// <summary>
/// The cosine of two float32 vectors, in double and in one order of summation: the same bits on every machine, whatever
/// else is computed beside it. A vector of zeros has cosine 0 with every other.
/// </summary>
internal static class Cosine
{
    // As torch.nn.functional.normalize has it: no length below this is divided by.
    private const double LeastLength = 1e-12;

    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b, double lengthOfA) =>
        Dot(a, b) / (lengthOfA * Length(b));

    public static double Length(ReadOnlySpan<float> a) => Math.Max(Math.Sqrt(Dot(a, a)), LeastLength);

    // Products of float32 are exact in double: a fused multiply-add and the two steps round alike.
    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i <= a.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (lowA, highA) = Vector256.Widen(Vector256.Create(a[i..]));
            var (lowB, highB) = Vector256.Widen(Vector256.Create(b[i..]));
            low += lowA * lowB;
            high += highA * highB;
        }
        var sum = Vector256.Sum(low) + Vector256.Sum(high);
        for (; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }
        return sum;
    }
}
