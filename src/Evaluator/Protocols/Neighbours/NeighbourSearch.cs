using Leaderboard.Shared.Evaluations;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Neighbours;

/// <summary>
/// Compares blocks of queries with blocks of train samples, one matrix product each, and keeps of every query the few
/// candidates that may be its neighbours. What it holds is one block of similarities, two of features and the
/// candidates: of 4,096 × 4,096 samples of 2,048 numbers 64 MiB, 64 MiB and (k + 32) × 64 KiB, however large the splits;
/// as measured, 200 MB with what the libraries take.
/// </summary>
internal sealed unsafe class NeighbourSearch(FeatureRows train, Voting voting)
{
    // Float32 cannot tell the k-th neighbour from the next: so many more are looked at again in double.
    private const int Spare = 32;

    private readonly Device device = device(voting.Device);
    private readonly int kept = Math.Min(train.Count, voting.K + Spare);
    private readonly List<Candidates> candidates = [];

    /// <summary>
    /// How far a float32 similarity may be off: each product and each sum of D rounded once, on vectors of length 1.
    /// </summary>
    public double Rounding { get; } = (train.Width + 8) * Math.Pow(2, -24);

    /// <summary>The candidates of every query, good until the next call.</summary>
    /// <param name="queries">Some rows of features.</param>
    /// <param name="onProgress">Takes how many queries' worth of the work is done.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public IReadOnlyList<Candidates> Find(Tensor queries, Action<int>? onProgress, CancellationToken cancellationToken)
    {
        var count = (int)queries.shape[0];
        Prepare(count);
        var normalised = Normalised(queries);
        // Written over by each product: fresh memory of this size costs a page fault for every 4 KiB.
        var products = empty(count * (long)Math.Min(voting.Block.Samples, train.Count), ScalarType.Float32, device);
        for (var first = 0; first < train.Count; first += voting.Block.Samples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var width = Math.Min(voting.Block.Samples, train.Count - first);
            var similarities = products.narrow(0, 0, count * (long)width).view(count, width)
                .addmm_(normalised, Normalised(train.Block(first, width)).t(), beta: 0, alpha: 1).cpu();
            Offer((float*)TorchView.AddressOf(similarities), count, width, first);
            onProgress?.Invoke((int)((long)count * (first + width) / train.Count));
        }
        return candidates;
    }

    private void Prepare(int count)
    {
        foreach (var known in candidates)
        {
            known.Clear();
        }
        while (candidates.Count < count)
        {
            candidates.Add(new Candidates(kept));
        }
    }

    private void Offer(float* similarities, int count, int width, int first) => Parallel.For(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() },
        query => candidates[query].Offer(new ReadOnlySpan<float>(similarities + ((long)query * width), width), first));

    // torch.nn.functional.normalize, where a number that is not finite shows in the length.
    private Tensor Normalised(Tensor block)
    {
        var rows = block.to(device);
        var lengths = rows.norm(1, keepdim: true);
        return lengths.isfinite().all().item<bool>()
            ? rows / lengths.clamp_min(1e-12)
            : throw new EvaluationFailedException(
                FailureCodes.OutputNotFinite, "The network's features of an image are not finite.");
    }
}
