using TorchSharp;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>Float32 tensors as float64 numbers.</summary>
internal static class Numbers
{
    /// <summary>Within 1e-6 of the sum of the products' magnitudes: rows are summed in float32, the rows in float64.</summary>
    public static double InnerProduct(Tensor a, Tensor b) =>
        (a * b).sum(-1).sum(type: ScalarType.Float64).ToDouble();

    /// <summary>Without a temporary tensor, summed in float32: for directions, which need not be exact.</summary>
    public static double FastProduct(Tensor a, Tensor b) => a.flatten().dot(b.flatten()).ToDouble();

    public static double[] ToArray(Tensor a) => a.cpu().data<double>().ToArray();

    public static double Norm(Tensor a) => Math.Sqrt(InnerProduct(a, a));

    /// <summary>A point [K, D + 1] without its bias.</summary>
    public static Tensor WithoutBias(Tensor point) => point.narrow(1, 0, point.shape[1] - 1);
}
