using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>
/// The search for one penalty's head: at any time there is one point whose loss it wants to know, so that the points of
/// all searches are tried by one product. Steps are quasi-Newton's (<see cref="CurvaturePairs"/>); W. W. Hager and
/// H. Zhang's approximate Wolfe conditions ("A new conjugate gradient method with guaranteed descent and an efficient line
/// search", SIAM Journal on Optimization 16, 2005) say when one is taken: near the optimum gradients still tell what
/// rounding hides in the objective.
/// </summary>
internal sealed class HeadSearch : IDisposable
{
    // The optimum is known to be this near when a search ends.
    private const double Tolerance = 1e-4;

    private const double SufficientDecrease = 1e-4;
    private const double SufficientSlope = 0.8;
    private const double ObjectiveRounding = 1e-6;
    private const double SmallestStep = 1e-8;

    // Of the curvature that is expected; found by trying, on features of networks and on synthetic ones.
    private const double ExpectedCurvature = 0.5;
    private const double LeastClassShare = 0.1;

    private readonly double lambda;
    private readonly ProbeSamples samples;
    private readonly CurvaturePairs pairs;
    private readonly Tensor point;
    private readonly Tensor gradient;
    private readonly Tensor direction;
    private double dual = double.NegativeInfinity;
    private double slope;
    private double step = 1;
    private bool atOrigin = true;

    /// <param name="lambda">The penalty.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="origin">The best head without weights.</param>
    /// <param name="loss">The loss there.</param>
    public HeadSearch(double lambda, ProbeSamples samples, Tensor origin, ProbeLoss loss)
    {
        (this.lambda, this.samples) = (lambda, samples);
        point = origin.clone();
        gradient = loss.Gradient.clone();
        (direction, Trial) = (empty_like(origin), empty_like(origin));
        pairs = new CurvaturePairs(origin);
        Objective = loss.CrossEntropy;
        Iterations = 1;
        dual = DualBound.At(loss, origin, lambda, samples);
        if (!Ends())
        {
            LeaveOrigin(loss);
        }
    }

    /// <summary>Where the loss is wanted, until the search is finished.</summary>
    public Tensor Trial { get; }

    public double Objective { get; private set; }

    public double Gap => Objective - dual;

    public int Iterations { get; private set; }

    public bool IsFinished { get; private set; }

    /// <summary>Takes the loss at <see cref="Trial"/>; it may write to the loss's gradient.</summary>
    public void Receive(ProbeLoss loss)
    {
        Iterations++;
        var weights = Numbers.WithoutBias(Trial);
        var norm = Numbers.Norm(weights);
        var objective = loss.CrossEntropy + (lambda * norm);
        dual = Math.Max(dual, DualBound.At(loss, Trial, lambda, samples));
        Numbers.WithoutBias(loss.Gradient).add_(weights, lambda / norm);

        var slopeThere = Numbers.InnerProduct(loss.Gradient, direction);

        if (!IsAcceptable(objective, slopeThere))
        {
            Shorten(slopeThere);
            return;
        }
        if (!atOrigin)
        {
            pairs.Add(point, Trial, gradient, loss.Gradient);
        }
        point.copy_(Trial);
        gradient.copy_(loss.Gradient);
        (Objective, atOrigin) = (objective, false);
        if (!Ends())
        {
            pairs.WriteStep(gradient, Curvature(loss, lambda / norm), direction);
            slope = Numbers.InnerProduct(gradient, direction);
            Try(Math.Min(1, 2 * step));
        }
    }

    /// <summary>The head as it stands.</summary>
    public ProbeHead Head()
    {
        var (weight, bias) = samples.Restore(point);
        return new ProbeHead(lambda, weight, bias, Objective, Math.Max(0, Gap), Iterations);
    }

    public void Dispose()
    {
        pairs.Dispose();
        foreach (var tensor in new[] { point, gradient, direction, Trial })
        {
            tensor.Dispose();
        }
    }

    private bool Ends() => IsFinished |= Gap <= Tolerance;

    private bool IsAcceptable(double objective, double slopeThere) =>
        objective <= Objective + (SufficientDecrease * step * slope)
        || (objective <= Objective + (ObjectiveRounding * Objective) && slopeThere <= SufficientSlope * -slope);

    // Along a line a convex function's slope rises, so the secant's root is where it is nearly 0.
    private void Shorten(double slopeThere)
    {
        if (Ends())
        {
            return;
        }
        var shorter = step * Math.Clamp(slope / (slope - slopeThere), 0.1, 0.5);
        if (shorter >= SmallestStep)
        {
            Try(shorter);
        }
        else
        {
            IsFinished = true;
        }
    }

    private void Try(double length)
    {
        step = length;
        Trial.copy_(point).add_(direction, step);
    }

    // The penalty has no curvature at 0. The quadratic model with it is least at -g / (h + μ), where μ = λ over the norm of
    // these weights.
    private void LeaveOrigin(ProbeLoss loss)
    {
        var squares = Numbers.WithoutBias(gradient).square().sum(0, type: ScalarType.Float64).cpu().data<double>().ToArray();
        var curvature = Numbers.WithoutBias(Curvature(loss, penalty: 0)).mean([0]).to(ScalarType.Float64).cpu().data<double>().ToArray();
        var (low, high) = (-70.0, 70.0);
        while (high - low > 1e-6)
        {
            var middle = Math.Exp((low + high) / 2);
            var norm = Math.Sqrt(squares.Zip(curvature, (g, h) => g / ((h + middle) * (h + middle))).Sum());
            (low, high) = middle * norm < lambda ? ((low + high) / 2, high) : (low, (low + high) / 2);
        }
        pairs.WriteStep(gradient, Curvature(loss, Math.Exp(high)), direction);
        slope = Numbers.InnerProduct(gradient, direction) + (lambda * Numbers.Norm(Numbers.WithoutBias(direction)));
        Try(1);
    }

    /// <summary>
    /// The diagonal of the Hessian, nearly: a coordinate's second moment times Σ w p (1 - p) of the class, which is at most
    /// what the class is given wrongly and what its own samples lack, and the penalty's share.
    /// </summary>
    private Tensor Curvature(ProbeLoss loss, double penalty)
    {
        var shares = loss.Inflow.mul(2).sub_(loss.Gradient.select(1, -1)).clamp(min: 0).div_(samples.Spectrum[-1]);
        shares = (shares + (shares.mean() * LeastClassShare)).mul_(ExpectedCurvature);
        var curvature = shares.outer(samples.Spectrum);
        Numbers.WithoutBias(curvature).add_(penalty);
        return curvature;
    }
}
