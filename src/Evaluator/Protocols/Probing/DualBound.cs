using TorchSharp;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>
/// A number that the optimum cannot be below, from the loss at any point, by duality. Nothing here is asymptotic: the
/// bias need not be optimal for its weights, and what is left is float32's rounding of the gradient.
/// </summary>
/// <remarks>
/// <para>
/// The bound. Let w be the samples' weights and P(W, b) = Σ w CE(W x + b, y) + λ‖W‖ the objective. For any distribution
/// p' over the classes log Σ exp z ≥ H(p') + ⟨p', z⟩, so CE(z, y) ≥ H(p') + ⟨p' - y, z⟩. Put over all samples:
/// P(W, b) ≥ Σ w H(p') + ⟨G', W⟩ + ⟨r', b⟩ + λ‖W‖, where G' = Σ w (p' - y) xᵀ and r' = Σ w (p' - y). Where r' = 0
/// and ‖G'‖ ≤ λ, the optimum is at least Σ w H(p').
/// </para>
/// <para>
/// The distributions. Take p, the softmax at the point; r = Σ w (p - y), of which r⁺ is what classes get too much and
/// r⁻ too little; π, what each class's samples weigh; m = r⁺ / π; and q = r⁻ / Σ r⁻, a distribution. A sample of
/// class k takes p' = y + s (p - y) + s m_k (q - y). Then r' = s (r + Σ r⁺ q - r⁺) = s (r + r⁻ - r⁺) = 0, whatever
/// r was, and G' = s (G + q (Σ m_k M_k)ᵀ - diag(m) M), where M_k is the weighted sum of the class's samples. So
/// s = λ / ‖G' / s‖ keeps the norm, and s ≤ 1 / (1 + max m) keeps p' from becoming negative.
/// </para>
/// <para>
/// Its entropy. With θ = s max m, p' mixes, in parts 1 - θ and θ, p̂ = y + ŝ (p - y), ŝ = s / (1 - θ), and another
/// distribution; entropy is concave and not negative, so H(p') ≥ (1 - θ) H(p̂). With o = 1 - p_y, a = -Σ_{k≠y} p log p and
/// h(u) = -(1 - u) log(1 - u): H(p̂) = ŝ a - ŝ log ŝ o + h(ŝ o). Σ w a needs no pass over the logits, since
/// Σ w (a + h(o)) = Σ w H(p) = Σ w CE - ⟨G, W⟩ - ⟨r, b⟩.
/// </para>
/// <para>
/// At the optimum p' = p and the bound is the objective. Near it the gap goes with the square of the gradient's distance
/// from -λ W / ‖W‖.
/// </para>
/// </remarks>
internal static class DualBound
{
    /// <param name="loss">The loss at the point.</param>
    /// <param name="point">[K, D + 1].</param>
    /// <param name="lambda">The penalty.</param>
    /// <param name="samples">The samples.</param>
    public static double At(ProbeLoss loss, Tensor point, double lambda, ProbeSamples samples)
    {
        var residual = loss.Gradient.select(1, -1).to(ScalarType.Float64);
        var tooMuch = residual.clamp(min: 0);
        var tooLittle = residual.neg().clamp(min: 0);
        var moved = tooMuch / samples.ClassWeights;
        var mostMoved = moved.max().ToDouble();
        var target = tooLittle / Math.Max(tooLittle.sum().ToDouble(), double.Epsilon);

        var norm = Numbers.Norm(Numbers.WithoutBias(Balanced(loss.Gradient, samples.ClassSums, moved, target)));
        var scale = Math.Min(1 / (1 + mostMoved), lambda / Math.Max(norm, double.Epsilon));
        var mixed = scale * mostMoved;
        var inner = Math.Min(1, scale / (1 - mixed));

        var misses = loss.Misses.to(ScalarType.Float64);
        var entropy = loss.CrossEntropy - Numbers.InnerProduct(loss.Gradient, point);
        var others = entropy - OwnEntropy(misses, samples.Weights);
        return (1 - mixed) * (
            (inner * others)
            - (inner * Math.Log(inner) * misses.dot(samples.Weights).ToDouble())
            + OwnEntropy(misses * inner, samples.Weights));
    }

    private static Tensor Balanced(Tensor gradient, Tensor classSums, Tensor moved, Tensor target)
    {
        var (share, receiver) = (moved.to(ScalarType.Float32), target.to(ScalarType.Float32));
        return (gradient - (share.unsqueeze(1) * classSums)).addr_(receiver, share.unsqueeze(0).matmul(classSums).squeeze(0));
    }

    private static double OwnEntropy(Tensor misses, Tensor weights)
    {
        var own = misses.neg().add_(1);
        return -own.xlogy(own).dot(weights).ToDouble();
    }
}
