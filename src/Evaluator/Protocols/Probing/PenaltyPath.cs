using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>
/// The searches of all penalties, which advance in step, the largest penalty first: a smaller one's starts where the one
/// before it is, once that is near its optimum. From there the smallest take a few passes, and from nothing dozens.
/// </summary>
internal sealed class PenaltyPath : IDisposable
{
    private readonly Dictionary<double, ProbeHead> heads = [];
    private readonly ProbeSamples samples;
    private readonly Queue<double> waiting;
    private HeadSearch newest;

    /// <summary>Starts with the largest penalty; what it allocates belongs to the caller's dispose scope.</summary>
    public PenaltyPath(IEnumerable<double> lambdas, ProbeSamples samples, bool stop, CancellationToken cancellationToken)
    {
        this.samples = samples;
        waiting = new Queue<double>(lambdas.OrderDescending());
        // Weights of 0 are the first point, and the optimum of large penalties: one pass tells it of all.
        var origin = samples.Origin();
        var loss = samples.LossAt([origin], cancellationToken)[0];
        newest = new HeadSearch(waiting.Dequeue(), samples, origin, loss, new CurvaturePairs(origin));
        Active = [newest];
        StartAndEnd(stop);
    }

    /// <summary>The searches under way; none once every penalty has its head.</summary>
    public List<HeadSearch> Active { get; }

    public int Finished => heads.Count;

    /// <summary>The head of a penalty, kept by the next outer scope.</summary>
    public ProbeHead TakeHead(double lambda) => heads[lambda].ToOuterScope();

    /// <summary>One pass over the samples.</summary>
    /// <param name="stop">Whether it was the last: heads are taken as they are.</param>
    /// <param name="cancellationToken">Stops it within a block of samples.</param>
    public void Advance(bool stop, CancellationToken cancellationToken)
    {
        using (NewDisposeScope())
        {
            var losses = samples.LossAt([.. Active.Select(search => search.Trial)], cancellationToken);
            foreach (var (search, loss) in Active.Zip(losses))
            {
                search.Receive(loss);
            }
        }
        StartAndEnd(stop);
    }

    public void Dispose()
    {
        foreach (var search in Active)
        {
            search.Dispose();
        }
    }

    private void StartAndEnd(bool stop)
    {
        while ((stop || newest.IsNear) && waiting.TryDequeue(out var lambda))
        {
            newest = newest.ContinueFor(lambda);
            Active.Add(newest);
        }
        foreach (var search in Active.Where(search => stop || search.IsFinished).ToList())
        {
            using var scope = NewDisposeScope();
            heads[search.Lambda] = search.Head().ToOuterScope();
            search.Dispose();
            Active.Remove(search);
        }
    }
}
