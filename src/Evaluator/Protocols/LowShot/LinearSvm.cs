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
/// <c>max_iter</c>: its answer approximates the one optimum of this strictly convex problem. We go to that optimum, by
/// Newton's method in the primal (Keerthi and DeCoste, JMLR 6, 2005), see <see cref="NewtonSvm"/>; nothing is drawn at
/// random.
/// </remarks>
internal sealed class LinearSvm
{
    /// <summary>Largest distance from the optimum that is let pass, as a part of the objective.</summary>
    public const double WorstGap = 1e-8;

    private const int HeadsAtOnce = 256;

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
            using var block = NewDisposeScope();
            var heads = Math.Min(HeadsAtOnce, signs.shape[1] - first);
            var newton = new NewtonSvm(times, signs.narrow(1, first, heads), costs.narrow(1, first, heads));
            gap = Math.Max(gap, newton.Solve());
            coefficients.Add(newton.Coefficients.MoveToOuterDisposeScope());
            objectives.AddRange(newton.Objectives());
        }
        if (!(gap <= WorstGap))
        {
            throw new InvalidOperationException($"The SVM's solver stops {gap:g3} of the objective from the optimum.");
        }
        var all = cat(coefficients, 1);
        return new LinearSvm(
            features.t().mm(all).MoveToOuterDisposeScope(), all.sum(dim: 0).MoveToOuterDisposeScope(), objectives, gap);
    }

    /// <summary>The decision values w·x + b: float64 [N, heads].</summary>
    public Tensor Decide(Tensor features) => features.mm(weights).add_(biases);

    // Products with all samples' inner products, 1 added for the bias; never a matrix larger than twice the features.
    private static Action<Tensor, Tensor> Kernel(Tensor features)
    {
        if (features.shape[0] > 2 * features.shape[1])
        {
            return (vectors, into) =>
            {
                using var scope = NewDisposeScope();
                into.addmm_(features, features.t().mm(vectors), beta: 0, alpha: 1).add_(vectors.sum(dim: 0));
            };
        }
        var products = features.mm(features.t()).add_(1);
        return (vectors, into) => into.addmm_(products, vectors, beta: 0, alpha: 1);
    }
}
