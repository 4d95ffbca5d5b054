using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.LowShot;

/// <summary>
/// Newton's step of <see cref="LinearSvm"/> by the method of conjugate gradients, all heads in step. Every vector of
/// weights is held as the coefficients of the samples that it is the sum of, so that one product with K, which gives the
/// lengths too, is all that a round costs.
/// </summary>
/// <param name="times">Puts the product of K with vectors where it is told.</param>
/// <param name="like">A tensor of the vectors' shape, one a head.</param>
internal sealed class ConjugateGradients(Action<Tensor, Tensor> times, Tensor like)
{
    // Newton's method brings the gradient down; one step need not do it alone.
    private const double Reduction = 0.03;
    private const int MostRounds = 1000;

    private readonly Tensor residual = empty_like(like);
    private readonly Tensor residualTimes = empty_like(like);
    private readonly Tensor direction = empty_like(like);
    private readonly Tensor directionTimes = empty_like(like);
    private readonly Tensor bent = empty_like(like);
    private readonly Tensor scratch = empty_like(like);

    /// <summary>What <see cref="Solve"/> found.</summary>
    public Tensor Step { get; } = empty_like(like);

    /// <summary>K times it.</summary>
    public Tensor StepTimes { get; } = empty_like(like);

    /// <summary>Goes to a residual that is small beside the gradient. The step always leads downhill.</summary>
    /// <param name="curvature">The second derivative of each sample's loss, 0 where there is none.</param>
    /// <param name="gradient">The objective's gradient.</param>
    /// <param name="gradientTimes">K times it.</param>
    public void Solve(Tensor curvature, Tensor gradient, Tensor gradientTimes)
    {
        Step.zero_();
        StepTimes.zero_();
        residual.copy_(gradient).neg_();
        direction.copy_(residual);
        directionTimes.copy_(gradientTimes).neg_();
        var square = Product(gradient, gradientTimes);
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
            bent.copy_(direction).addcmul_(curvature, directionTimes, 1);
            // A head that is done stands still while the others go on.
            var length = where(goesOn, square / Product(bent, directionTimes), none);
            Step.addcmul_(length, direction, 1);
            StepTimes.addcmul_(length, directionTimes, 1);
            residual.addcmul_(length, bent, -1);
            times(residual, residualTimes);
            var next = Product(residual, residualTimes).clamp_min(0);
            var share = where(goesOn, next / square, none);
            direction.mul_(share).add_(residual);
            directionTimes.mul_(share).add_(residualTimes);
            square.copy_(next);
        }
    }

    private Tensor Product(Tensor a, Tensor b) => scratch.copy_(a).mul_(b).sum(dim: 0);
}
