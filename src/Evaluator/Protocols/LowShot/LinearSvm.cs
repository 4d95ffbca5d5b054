using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.LowShot;

/// <summary>
/// The problem of scikit-learn's <c>LinearSVC</c> with squared hinge and L2 penalty (liblinear; Fan et al., JMLR 9, 2008):
/// for each head, over weights w and bias b,
/// ½(‖w‖² + b²) + Σ cᵢ·max(0, 1 − yᵢ(w·xᵢ + b))². The bias is the weight of a feature that is 1 everywhere
/// (<c>intercept_scaling=1</c>) and so is penalised with the rest.
/// </summary>
/// <remarks>
/// liblinear goes round the dual coordinates in random order until no gradient exceeds <c>tol=1e-4</c>, or
/// <c>max_iter</c>: its answer approximates the one optimum of this strictly convex problem, to which we go: Newton's method
/// in the primal (Keerthi and DeCoste, JMLR 6, 2005) with w = Σ βᵢxᵢ, all heads at once, so that one matrix product serves
/// them all. Nothing is drawn at random.
/// </remarks>
internal sealed class LinearSvm
{
    /// <summary>Largest distance from the optimum that is let pass, as a part of the objective.</summary>
    public const double WorstGap = 1e-8;

    private const double Tolerance = 1e-16;
    private const int MostSteps = 200;
    private const int HeadsAtOnce = 256;
    private const int MostHalvings = 40;

    private readonly Tensor weights;
    private readonly Tensor biases;

    private LinearSvm(Tensor weights, Tensor biases, IReadOnlyList<double> objectives, double gap)
    {
        (this.weights, this.biases) = (weights, biases);
        (Objectives, Gap) = (objectives, gap);
    }

    /// <summary>The value of the objective of each head.</summary>
    public IReadOnlyList<double> Objectives { get; }

    /// <summary>No head's objective is further above its optimum than this part of itself.</summary>
    public double Gap { get; }

    /// <summary>Solves; the result's tensors are of the caller's dispose scope.</summary>
    /// <param name="features">float64 [N, D].</param>
    /// <param name="signs">float64 [N, heads], 1 where a sample is positive for a head, otherwise -1.</param>
    /// <param name="costs">float64 [N, heads], what a sample's loss is multiplied by.</param>
    public static LinearSvm Fit(Tensor features, Tensor signs, Tensor costs)
    {
        using var scope = NewDisposeScope();
        var times = Kernel(features);
        var (coefficients, objectives, gap) = (new List<Tensor>(), new List<double>(), 0.0);
        for (var first = 0L; first < signs.shape[1]; first += HeadsAtOnce)
        {
            var heads = Math.Min(HeadsAtOnce, signs.shape[1] - first);
            var solved = Solve(times, signs.narrow(1, first, heads), costs.narrow(1, first, heads));
            coefficients.Add(solved.Coefficients);
            objectives.AddRange(solved.Objectives);
            gap = Math.Max(gap, solved.Gap);
        }
        var all = cat(coefficients, 1);
        return new LinearSvm(
            features.t().mm(all).MoveToOuterDisposeScope(), all.sum(dim: 0).MoveToOuterDisposeScope(), objectives, gap);
    }

    /// <summary>The decision values w·x + b: float64 [N, heads].</summary>
    public Tensor Decide(Tensor features) => features.mm(weights).add_(biases);

    // The products of all samples, 1 added for the bias; never a matrix larger than twice the features.
    private static Func<Tensor, Tensor> Kernel(Tensor features)
    {
        if (features.shape[0] > 2 * features.shape[1])
        {
            return vectors => features.mm(features.t().mm(vectors)).add_(vectors.sum(dim: 0));
        }
        var products = features.mm(features.t()).add_(1);
        return products.mm;
    }

    private static (Tensor Coefficients, double[] Objectives, double Gap) Solve(
        Func<Tensor, Tensor> times, Tensor signs, Tensor costs)
    {
        var coefficients = zeros_like(signs);
        var decisions = zeros_like(signs);
        for (var step = 0; ; step++)
        {
            using var scope = NewDisposeScope();
            var hinge = (1 - (signs * decisions)).clamp_min(0);
            var objective = Objective(coefficients, decisions, hinge, costs);
            // The gradient is the sum of the samples, each times its part of this.
            var gradient = coefficients - (2 * costs * signs * hinge);
            var gradientTimes = times(gradient);
            // The penalty's curvature is 1, so half the gradient's square bounds the distance to the optimum.
            var gap = (0.5 * (gradient * gradientTimes).sum(dim: 0) / objective).max().item<double>();
            if (gap <= Tolerance || step == MostSteps)
            {
                return gap <= WorstGap
                    ? (coefficients, objective.cpu().data<double>().ToArray(), gap)
                    : throw new InvalidOperationException($"The SVM's solver stops {gap:g3} of the objective from the optimum.");
            }
            var (direction, change) = ConjugateGradients.Solve(
                times, 2 * costs * hinge.gt(0).to(ScalarType.Float64), gradient, gradientTimes);
            var slope = (gradient * change).sum(dim: 0);
            var length = Length(0.0001 * slope, objective, t => Objective(
                coefficients + (t * direction), decisions + (t * change),
                (1 - (signs * (decisions + (t * change)))).clamp_min(0), costs));
            coefficients.add_(length * direction);
            decisions.add_(length * change);
        }
    }

    private static Tensor Objective(Tensor coefficients, Tensor decisions, Tensor hinge, Tensor costs) =>
        (0.5 * (coefficients * decisions).sum(dim: 0)) + (costs * hinge * hinge).sum(dim: 0);

    // The first of 1, ½, ¼ … that lowers a head's objective by its share of what the slope promises (Armijo's rule).
    private static Tensor Length(Tensor least, Tensor objective, Func<Tensor, Tensor> along)
    {
        var length = ones_like(objective);
        // Near the optimum what is gained is less than the objective's own rounding.
        var limit = objective * (1 + 1e-14);
        for (var i = 0; i < MostHalvings; i++)
        {
            var tooLong = along(length).gt(limit + (length * least));
            if (!tooLong.any().item<bool>())
            {
                break;
            }
            length.mul_(1 - (0.5 * tooLong.to(ScalarType.Float64)));
        }
        return length;
    }
}
