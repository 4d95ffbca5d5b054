using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.LowShot;

/// <summary>
/// Newton's step of <see cref="LinearSvm"/> by the method of conjugate gradients, all heads in step. Every vector of
/// weights is held as the coefficients of the samples that it is the sum of, so that one product with K, which also gives
/// the lengths, is all that a round costs.
/// </summary>
internal static class ConjugateGradients
{
    // Newton's method brings the gradient down; one step need not do it alone.
    private const double Reduction = 0.03;
    private const int MostRounds = 1000;

    /// <summary>The step and K times it, to a residual that is small beside the gradient. It always leads downhill.</summary>
    /// <param name="times">The product of K with vectors.</param>
    /// <param name="curvature">The second derivative of each sample's loss, 0 where there is none.</param>
    /// <param name="gradient">The objective's gradient.</param>
    /// <param name="gradientTimes">K times it.</param>
    public static (Tensor Step, Tensor Times) Solve(
        Func<Tensor, Tensor> times, Tensor curvature, Tensor gradient, Tensor gradientTimes)
    {
        var (step, stepTimes) = (zeros_like(gradient), zeros_like(gradient));
        var residual = -gradient;
        var (direction, directionTimes) = (-gradient, -gradientTimes);
        var square = (gradient * gradientTimes).sum(dim: 0);
        var enough = Reduction * Reduction * square;
        for (var round = 0; round < MostRounds; round++)
        {
            using var scope = NewDisposeScope();
            var goesOn = square.gt(enough);
            if (!goesOn.any().item<bool>())
            {
                break;
            }
            var none = zeros_like(square);
            var bent = direction + (curvature * directionTimes);
            // A head that is done stands still while the others go on.
            var length = where(goesOn, square / (bent * directionTimes).sum(dim: 0), none);
            step.add_(length * direction);
            stepTimes.add_(length * directionTimes);
            residual.sub_(length * bent);
            var residualTimes = times(residual);
            var next = (residual * residualTimes).sum(dim: 0).clamp_min(0);
            var share = where(goesOn, next / square, none);
            direction.mul_(share).add_(residual);
            directionTimes.mul_(share).add_(residualTimes);
            square.copy_(next);
        }
        return (step, stepTimes);
    }
}
