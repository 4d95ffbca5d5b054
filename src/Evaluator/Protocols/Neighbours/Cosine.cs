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

    /// <summary>The cosine; the first vector's length is known, as it is compared with many.</summary>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b, double lengthOfA)
    {
        var (dot, square) = Sums(a, b);
        return dot / (lengthOfA * Math.Max(Math.Sqrt(square), LeastLength));
    }

    public static double Length(ReadOnlySpan<float> a) => Math.Max(Math.Sqrt(Sums(a, a).Square), LeastLength);

    // Σ aᵢbᵢ and Σ bᵢ². Products of float32 are exact in double: a fused multiply-add and its two steps round alike.
    private static (double Dot, double Square) Sums(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (dotLow, dotHigh) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var (squareLow, squareHigh) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i <= a.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (lowA, highA) = Vector256.Widen(Vector256.Create(a[i..]));
            var (lowB, highB) = Vector256.Widen(Vector256.Create(b[i..]));
            (dotLow, dotHigh) = (dotLow + (lowA * lowB), dotHigh + (highA * highB));
            (squareLow, squareHigh) = (squareLow + (lowB * lowB), squareHigh + (highB * highB));
        }
        var (dot, square) = (Vector256.Sum(dotLow + dotHigh), Vector256.Sum(squareLow + squareHigh));
        for (; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            square += (double)b[i] * b[i];
        }
        return (dot, square);
    }
}
