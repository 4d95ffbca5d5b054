using Leaderboard.Shared.Evaluations;
using TorchSharp;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>
/// The coordinates in which heads are sought: features less their mean, along the eigenvectors of their second moments.
/// The bias takes the mean up and a rotation leaves the norm of the weights as it is, so the optimum is the same; but
/// curvature is nearly diagonal here, and features of any offset and scale are found equally fast.
/// </summary>
internal sealed class FeatureBasis
{
    private readonly Tensor mean;
    private readonly Tensor vectors;

    /// <param name="features">[N, D].</param>
    /// <param name="weights">What each sample weighs, [N].</param>
    /// <param name="blocks">First index and length of the runs of samples that are taken at once.</param>
    public FeatureBasis(Tensor features, Tensor weights, IReadOnlyList<(long First, long Length)> blocks)
    {
        mean = weights.unsqueeze(0).matmul(features).div_(weights.sum());
        var moments = zeros([features.shape[1], features.shape[1]], device: features.device);
        foreach (var (first, length) in blocks)
        {
            using var scope = NewDisposeScope();
            var centred = features.narrow(0, first, length) - mean;
            moments.addmm_((centred * weights.narrow(0, first, length).unsqueeze(1)).t(), centred);
        }
        if (!moments.isfinite().all().ToBoolean())
        {
            throw new EvaluationFailedException(
                FailureCodes.OutputNotFinite, "The network answers with features so large that their squares are not finite.");
        }
        (var values, vectors) = linalg.eigh(moments);
        Spectrum = values.clamp(min: 0);
    }

    /// <summary>The features' weighted second moments along each axis, [D].</summary>
    public Tensor Spectrum { get; }

    /// <summary>Writes features [n, D] in these coordinates.</summary>
    public void Write(Tensor features, Tensor target) => target.copy_((features - mean).matmul(vectors));

    /// <summary>Weights [K, D] and bias [K] for the features as they came, of a point [K, D + 1] in these coordinates.</summary>
    public (Tensor Weight, Tensor Bias) Restore(Tensor point)
    {
        var weight = point.narrow(1, 0, point.shape[1] - 1).matmul(vectors.t());
        return (weight, point.select(1, -1) - weight.matmul(mean.squeeze(0)));
    }
}
