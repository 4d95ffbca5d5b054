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
    // Of the objective: a smaller penalty's search starts here, and saves more passes than it would by starting earlier.
    private const double Near = 0.01;

    private const double SufficientDecrease = 1e-4;
    private const double SufficientSlope = 0.8;
    private const double ObjectiveRounding = 1e-6;
    private const double SmallestStep = 1e-8;

    private readonly ProbeSamples samples;
    private readonly CurvaturePairs pairs;
    private readonly Tensor point;
    private readonly Tensor direction;
    private readonly ProbeLoss loss;
    private double dual;
    private double norm;
    private double slope;
    private double step = 1;

    /// <param name="lambda">The penalty.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="start">Where the search starts.</param>
    /// <param name="loss">The loss there.</param>
    /// <param name="pairs">What is known of the curvature; they become this search's own.</param>
    public HeadSearch(double lambda, ProbeSamples samples, Tensor start, ProbeLoss loss, CurvaturePairs pairs)
    {
        (Lambda, this.samples, this.pairs) = (lambda, samples, pairs);
        (point, this.loss) = (start.clone(), loss.Clone());
        (direction, Trial) = (empty_like(start), empty_like(start));

        using var scope = NewDisposeScope();
        norm = Numbers.Norm(Numbers.WithoutBias(point));
        Objective = loss.CrossEntropy + (lambda * norm);
        dual = DualBound.At(loss, point, lambda, samples);
        if (Ends())
        {
            return;
        }
        if (norm > 0)
        {
            Turn();
        }
        else
        {
            LeaveOrigin();
        }
    }

    public double Lambda { get; }

    /// <summary>Where the loss is wanted, until the search is finished.</summary>
    public Tensor Trial { get; }

    public double Objective { get; private set; }

    public double Gap => Objective - dual;

    /// <summary>Losses that were asked for.</summary>
    public int Passes { get; private set; }

    public bool IsFinished { get; private set; }

    /// <summary>Whether a search for a smaller penalty may start where this one is.</summary>
    public bool IsNear => IsFinished || Gap <= Near * Objective;

    /// <summary>A search for another penalty from where this one is, with what it knows.</summary>
    public HeadSearch ContinueFor(double otherLambda) => new(otherLambda, samples, point, loss, pairs.Clone());

    /// <summary>Takes the loss at <see cref="Trial"/>.</summary>
    public void Receive(ProbeLoss lossThere)
    {
        // One head's temporaries are points too: those of all heads at once would be as much again as their histories.
        using var scope = NewDisposeScope();
        Passes++;
        var normThere = Numbers.Norm(Numbers.WithoutBias(Trial));
        var objective = lossThere.CrossEntropy + (Lambda * normThere);
        dual = Math.Max(dual, DualBound.At(lossThere, Trial, Lambda, samples));

        var gradient = Gradient(lossThere, Trial, normThere);
        var slopeThere = Numbers.InnerProduct(gradient, direction);
        if (!IsAcceptable(objective, slopeThere))
        {
            Shorten(slopeThere);
            return;
        }
        if (norm > 0)
        {
            pairs.Add(Trial - point, gradient.sub_(Gradient(loss, point, norm)));
        }
        point.copy_(Trial);
        loss.CopyFrom(lossThere);
        (Objective, norm) = (objective, normThere);
        if (!Ends())
        {
            Turn();
        }
    }

    /// <summary>The head as it stands.</summary>
    public ProbeHead Head()
    {
        var (weight, bias) = samples.Restore(point);
        return new ProbeHead(Lambda, weight, bias, Objective, Math.Max(0, Gap), Passes);
    }

    public void Dispose()
    {
        pairs.Dispose();
        loss.Dispose();
        foreach (var tensor in new[] { point, direction, Trial })
        {
            tensor.Dispose();
        }
    }

    private bool Ends() =>
        IsFinished |= Gap <= Math.Min(LinearProbe.Tolerance, LinearProbe.RelativeTolerance * Objective);

    private bool IsAcceptable(double objective, double slopeThere) =>
        objective <= Objective + (SufficientDecrease * step * slope)
        || (objective <= Objective + (ObjectiveRounding * Objective) && slopeThere <= SufficientSlope * -slope);

    private void Turn()
    {
        var gradient = Gradient(loss, point, norm);
        pairs.WriteStep(gradient, loss.Curvature(samples.Spectrum, Lambda / norm), direction);
        slope = Numbers.InnerProduct(gradient, direction);
        Try(Math.Min(1, 2 * step));
    }

    // Along a line a convex function's slope rises, so the secant's root is where it is nearly 0.
    private void Shorten(double slopeThere)
    {
        var shorter = step * Math.Clamp(slope / (slope - slopeThere), 0.1, 0.5);
        if (!Ends())
        {
            IsFinished = !(shorter >= SmallestStep);
            Try(shorter);
        }
    }

    private void Try(double length)
    {
        step = length;
        Trial.copy_(point).add_(direction, step);
    }

    // At 0 the penalty has no gradient. The quadratic model with it is least at -g / (h + μ), where μ is λ over the norm of
    // the weights that this gives.
    private void LeaveOrigin()
    {
        var squares = Numbers.ToArray(Numbers.WithoutBias(loss.Gradient).square().sum(0, type: ScalarType.Float64));
        var curvature = Numbers.ToArray(Numbers.WithoutBias(loss.Curvature(samples.Spectrum, penalty: 0)).mean([0]).to(ScalarType.Float64));
        var (low, high) = (-70.0, 70.0);
        while (high - low > 1e-6)
        {
            var (middle, mu) = ((low + high) / 2, Math.Exp((low + high) / 2));
            var weights = Math.Sqrt(squares.Zip(curvature, (square, h) => square / ((h + mu) * (h + mu))).Sum());
            (low, high) = mu * weights < Lambda ? (middle, high) : (low, middle);
        }
        pairs.WriteStep(loss.Gradient, loss.Curvature(samples.Spectrum, Math.Exp(high)), direction);
        slope = Numbers.InnerProduct(loss.Gradient, direction) + (Lambda * Numbers.Norm(Numbers.WithoutBias(direction)));
        Try(1);
    }

    private Tensor Gradient(ProbeLoss at, Tensor where, double normThere)
    {
        var gradient = at.Gradient.clone();
        Numbers.WithoutBias(gradient).add_(Numbers.WithoutBias(where), Lambda / normThere);
        return gradient;
    }
}
