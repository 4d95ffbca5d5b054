using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.LowShot;

/// <summary>
/// Newton's method for <see cref="LinearSvm"/>, with w = Σ βᵢxᵢ and the samples' inner products K, 1 added for the bias: all
/// heads at once, so that one matrix product serves them all.
/// </summary>
/// <remarks>
/// All that is as large as samples times heads is allocated once: thousands of allocations of such a size, each freed soon,
/// leave glibc's heap in pieces that do not fit the next, gigabytes of them.
/// </remarks>
/// <param name="times">Puts the product of K with vectors where it is told.</param>
/// <param name="signs">[N, heads], 1 where a sample is positive for a head, otherwise -1.</param>
/// <param name="costs">[N, heads], what a sample's loss is multiplied by.</param>
internal sealed class NewtonSvm(Action<Tensor, Tensor> times, Tensor signs, Tensor costs)
{
    private const double Tolerance = 1e-16;
    private const int MostSteps = 200;
    private const int MostHalvings = 40;

    private readonly Tensor decisions = zeros_like(signs);
    private readonly Tensor gradient = zeros_like(signs);
    private readonly Tensor gradientTimes = zeros_like(signs);
    private readonly Tensor curvature = zeros_like(signs);
    private readonly Tensor hinge = zeros_like(signs);
    private readonly Tensor scratch = zeros_like(signs);
    private readonly ConjugateGradients newton = new(times, signs);

    /// <summary>β, of each sample and head.</summary>
    public Tensor Coefficients { get; } = zeros_like(signs);

    /// <summary>The value of the objective of each head.</summary>
    public double[] Objectives() => Objective().cpu().data<double>().ToArray();

    /// <summary>
    /// Goes on until no head's objective is further above its optimum than 1e-16 of itself, as far as its gradient
    /// tells, or for 200 steps; gives that distance.
    /// </summary>
    public double Solve()
    {
        for (var step = 0; ; step++)
        {
            using var scope = NewDisposeScope();
            var objective = Objective();
            // The gradient is the sum of the samples, each times its part of this.
            gradient.copy_(signs).mul_(costs).mul_(hinge).mul_(-2).add_(Coefficients);
            times(gradient, gradientTimes);
            // The penalty's curvature is 1, so half the gradient's square bounds the distance to the optimum.
            var gap = (0.5 * Product(gradient, gradientTimes) / objective).max().item<double>();
            if (gap <= Tolerance || step == MostSteps)
            {
                return gap;
            }
            curvature.copy_(hinge.gt(0)).mul_(costs).mul_(2);
            newton.Solve(curvature, gradient, gradientTimes);
            Search(objective, Product(gradient, newton.StepTimes));
        }
    }

    // Goes the first of 1, ½, ¼ … steps that lowers a head's objective by its share of what the slope promises (Armijo's rule).
    private void Search(Tensor objective, Tensor slope)
    {
        var length = ones_like(objective);
        Move(length);
        // Near the optimum what is gained is less than the objective's own rounding.
        var limit = objective * (1 + 1e-14);
        for (var i = 0; i < MostHalvings; i++)
        {
            var tooLong = Objective().gt(limit + (0.0001 * length * slope));
            if (!tooLong.any().item<bool>())
            {
                break;
            }
            var back = 0.5 * length * tooLong.to(ScalarType.Float64);
            Move(-back);
            length.sub_(back);
        }
    }

    private void Move(Tensor length)
    {
        Coefficients.addcmul_(length, newton.Step, 1);
        decisions.addcmul_(length, newton.StepTimes, 1);
    }

    private Tensor Objective()
    {
        hinge.copy_(signs).mul_(decisions).neg_().add_(1).clamp_min_(0);
        var penalty = Product(Coefficients, decisions);
        return (0.5 * penalty) + scratch.copy_(hinge).mul_(hinge).mul_(costs).sum(dim: 0);
    }

    private Tensor Product(Tensor a, Tensor b) => scratch.copy_(a).mul_(b).sum(dim: 0);
}
