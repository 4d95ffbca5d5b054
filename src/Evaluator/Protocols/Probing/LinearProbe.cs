using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>
/// The heads of protocol <c>linear_probe</c>. For each penalty λ the weights W [K, D] and bias b that minimise
/// P(W, b) = Σ_c mean over the samples i of chunk c of CE(W xᵢ + b, yᵢ) + λ‖W‖, the norm Frobenius's and not squared: the
/// objective of OmniBenchmark's <c>linear_probe/main.py</c> (ZhangYuanhan-AI/OmniBenchmark; the chunks are those of
/// <see cref="ChunkWeights"/>). Its authors run a fixed number of steps; here a head is done when
/// <see cref="DualBound"/> proves it to be within 1e-4 of the optimum and within a thousandth of the objective.
/// </summary>
/// <remarks>
/// All heads advance in step, so that one product with the samples and one for the gradients serve all that are not
/// done. Memory, in float32 numbers: N (D + 1) for the samples in coordinates of their own, 3 D² while these are found, and
/// for each head under way (4 + 2 · 5) K (D + 1) for where it is and its history, 2 K (D + 1) for the points that are tried
/// together and their gradients, N for the bound; a block of logits is 4 Mi numbers, on a GPU 64 Mi. Nothing has the size of
/// all logits.
/// </remarks>
internal static class LinearProbe
{
    public const int DefaultMaxRounds = 1000;

    /// <summary>How near the optimum a head is proven to be; one that is not is refused.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>
    /// And how near to it in parts of its objective: at the smallest penalties the optimum itself may be 5e-4, and predictions
    /// with small margins settle after it is known to three digits. Where rounding ends the search before, it is taken as it is.
    /// </summary>
    public const double RelativeTolerance = 1e-3;

    /// <param name="features">[N, D], float32, on the device that computes.</param>
    /// <param name="targets">N classes in [0, K), in the order of the list.</param>
    /// <param name="classCount">K.</param>
    /// <param name="lambdas">The penalties, different and above 0.</param>
    /// <param name="onProgress">Told after each pass over the samples.</param>
    /// <param name="cancellationToken">Stops it within a block of samples.</param>
    /// <param name="maxRounds">Passes over the samples after which heads are taken as they are, with the gap that is left.</param>
    /// <returns>A head for each penalty, in their order; the caller owns them.</returns>
    /// <exception cref="EvaluationFailedException">A feature is not finite.</exception>
    public static IReadOnlyList<ProbeHead> Solve(
        Tensor features,
        IReadOnlyList<int> targets,
        int classCount,
        IReadOnlyList<double> lambdas,
        Action<ProbeProgress>? onProgress,
        CancellationToken cancellationToken,
        int maxRounds = DefaultMaxRounds)
    {
        Refuse(features, targets, classCount, lambdas);
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var samples = new ProbeSamples(features, targets, classCount);
        using var path = new PenaltyPath(lambdas, samples, stop: maxRounds <= 1, cancellationToken);
        for (var round = 1; ; round++)
        {
            var gap = path.Finished + path.Active.Count < lambdas.Count
                ? double.PositiveInfinity
                : path.Active.Select(search => search.Gap).DefaultIfEmpty().Max();
            onProgress?.Invoke(new ProbeProgress(round, path.Finished, lambdas.Count, gap));
            if (path.Active is [])
            {
                return [.. lambdas.Select(path.TakeHead)];
            }
            path.Advance(stop: round + 1 >= maxRounds, cancellationToken);
        }
    }

    private static void Refuse(Tensor features, IReadOnlyList<int> targets, int classCount, IReadOnlyList<double> lambdas)
    {
        if (features.dim() != 2 || features.shape[0] != targets.Count || targets.Count == 0)
        {
            throw new ArgumentException($"{targets.Count} samples have features of shape [{string.Join(", ", features.shape)}].");
        }
        if (targets.Any(target => target < 0 || target >= classCount))
        {
            throw new ArgumentException($"A target is not in [0, {classCount}).", nameof(targets));
        }
        if (lambdas.Count == 0 || lambdas.Distinct().Count() < lambdas.Count || lambdas.Any(lambda => !(lambda > 0) || double.IsInfinity(lambda)))
        {
            throw new ArgumentException("Penalties are different numbers above 0.", nameof(lambdas));
        }
    }
}
