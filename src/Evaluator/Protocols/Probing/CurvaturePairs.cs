using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>
/// What the last steps told of the objective's curvature: limited-memory BFGS (J. Nocedal, "Updating quasi-Newton matrices
/// with limited storage", Mathematics of Computation 35, 1980) around a diagonal.
/// </summary>
internal sealed class CurvaturePairs : IDisposable
{
    /// <summary>More pairs save no passes here; see DECISIONS.md.</summary>
    public const int Capacity = 5;

    private readonly Tensor[] steps;
    private readonly Tensor[] changes;
    private readonly double[] products = new double[Capacity];
    private long count;

    /// <param name="like">A point; the pairs are of its shape and device.</param>
    public CurvaturePairs(Tensor like)
    {
        steps = [.. Enumerable.Range(0, Capacity).Select(_ => empty_like(like))];
        changes = [.. Enumerable.Range(0, Capacity).Select(_ => empty_like(like))];
    }

    private IEnumerable<int> OldestFirst =>
        Enumerable.Range(0, (int)Math.Min(count, Capacity)).Select(i => (int)((Math.Max(count, Capacity) + i) % Capacity));

    /// <summary>A copy that goes its own way.</summary>
    public CurvaturePairs Clone()
    {
        var clone = new CurvaturePairs(steps[0]) { count = count };
        products.CopyTo(clone.products, 0);
        foreach (var i in OldestFirst)
        {
            clone.steps[i].copy_(steps[i]);
            clone.changes[i].copy_(changes[i]);
        }
        return clone;
    }

    /// <summary>Takes a step and what the gradient changed by along it.</summary>
    public void Add(Tensor step, Tensor change)
    {
        var product = Numbers.FastProduct(step, change);
        // A convex function's are positive; what is not came of rounding.
        if (product > 0)
        {
            var place = (int)(count++ % Capacity);
            steps[place].copy_(step);
            changes[place].copy_(change);
            products[place] = product;
        }
    }

    /// <summary>Writes the quasi-Newton step from a gradient.</summary>
    /// <param name="gradient">Where the objective rises.</param>
    /// <param name="diagonal">The curvature that is assumed before the pairs are heard, up to a factor.</param>
    /// <param name="direction">Where the step goes.</param>
    public void WriteStep(Tensor gradient, Tensor diagonal, Tensor direction)
    {
        var order = OldestFirst.ToArray();
        var parts = new double[Capacity];
        direction.copy_(gradient).neg_();
        foreach (var i in order.Reverse())
        {
            parts[i] = Numbers.FastProduct(steps[i], direction) / products[i];
            direction.add_(changes[i], -parts[i]);
        }
        direction.div_(diagonal);
        if (order is [.., var last])
        {
            direction.mul_(products[last] / Numbers.FastProduct(changes[last], changes[last] / diagonal));
        }
        foreach (var i in order)
        {
            direction.add_(steps[i], parts[i] - (Numbers.FastProduct(changes[i], direction) / products[i]));
        }
    }

    public void Dispose()
    {
        foreach (var tensor in steps.Concat(changes))
        {
            tensor.Dispose();
        }
    }
}
