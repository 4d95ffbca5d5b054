using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>The objective without its penalty at one point [K, D + 1], the weights beside the bias.</summary>
/// <param name="crossEntropy">Weighted sum over the samples.</param>
/// <param name="gradient">[K, D + 1]: the sum of w (p - y) times the features and one.</param>
/// <param name="inflow">[K]: what each class is given of samples that are not its own, the sum of their w p.</param>
/// <param name="misses">[N]: 1 - p of each sample's own class.</param>
internal sealed class ProbeLoss(double crossEntropy, Tensor gradient, Tensor inflow, Tensor misses) : IDisposable
{
    // Of what is expected below; found by trying, on synthetic features.
    private const double CurvatureTaken = 0.5;
    private const double LeastClassShare = 0.1;

    public double CrossEntropy { get; private set; } = crossEntropy;

    public Tensor Gradient { get; } = gradient;

    public Tensor Inflow { get; } = inflow;

    public Tensor Misses { get; } = misses;

    /// <summary>
    /// The diagonal of the objective's Hessian, nearly: a coordinate's second moment times Σ w p (1 - p) of the class, which
    /// is at most what the class is given wrongly and what its own samples lack, and the penalty's part.
    /// </summary>
    /// <param name="spectrum">Second moments, [D + 1]; the last is the weight of all samples.</param>
    /// <param name="penalty">What the penalty adds, where the weights are.</param>
    public Tensor Curvature(Tensor spectrum, double penalty)
    {
        var shares = Inflow.mul(2).sub_(Gradient.select(1, -1)).clamp(min: 0).div_(spectrum[-1]);
        shares = (shares + (shares.mean() * LeastClassShare)).mul_(CurvatureTaken);
        var curvature = shares.outer(spectrum);
        Numbers.WithoutBias(curvature).add_(penalty);
        return curvature;
    }

    public ProbeLoss Clone() => new(CrossEntropy, Gradient.clone(), Inflow.clone(), Misses.clone());

    public void CopyFrom(ProbeLoss other)
    {
        CrossEntropy = other.CrossEntropy;
        Gradient.copy_(other.Gradient);
        Inflow.copy_(other.Inflow);
        Misses.copy_(other.Misses);
    }

    public void Dispose()
    {
        Gradient.Dispose();
        Inflow.Dispose();
        Misses.Dispose();
    }
}
