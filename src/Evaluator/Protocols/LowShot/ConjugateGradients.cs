using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.LowShot;

/// <summary>
/// Newton's step of <see cref="LinearSvm"/>: for each head, over the samples with a loss, (K + ridge)·v = y by the method
/// of conjugate gradients, all heads in step.
/// </summary>
internal static class ConjugateGradients
{
    // Newton's method brings the residual down; one step need not do it alone.
    private const double Reduction = 1e-3;
    private const double Rounding = 1e-14;
    private const int MostProducts = 1000;

    /// <summary>Brings each head's residual down by three orders of magnitude.</summary>
    /// <param name="times">The product of K with vectors.</param>
    /// <param name="ridge">What is added to K's diagonal, of each sample and head.</param>
    /// <param name="active">1 where a sample has a loss for a head, otherwise 0.</param>
    /// <param name="right">The right-hand side.</param>
    /// <param name="start">Where to begin.</param>
    public static Tensor Solve(Func<Tensor, Tensor> times, Tensor ridge, Tensor active, Tensor right, Tensor start)
    {
        Tensor Product(Tensor vectors) => (active * times(vectors)).add_(ridge * vectors);

        var solution = active * start;
        var residual = (active * right) - Product(solution);
        var direction = residual.clone();
        var square = Square(residual);
        var enough = maximum(Reduction * Reduction * square, Rounding * Rounding * Square(active * right));
        for (var i = 0; i < MostProducts; i++)
        {
            using var scope = NewDisposeScope();
            var goesOn = square.gt(enough);
            if (!goesOn.any().item<bool>())
            {
                break;
            }
            var product = Product(direction);
            var none = zeros_like(square);
            // A head that is done stands still while the others go on.
            var length = where(goesOn, square / (direction * product).sum(0), none);
            solution.add_(length * direction);
            residual.sub_(length * product);
            var next = Square(residual);
            direction.mul_(where(goesOn, next / square, none)).add_(residual);
            square.copy_(next);
        }
        return solution;
    }

    private static Tensor Square(Tensor vectors) => (vectors * vectors).sum(0);
}
