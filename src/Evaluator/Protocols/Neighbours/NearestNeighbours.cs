using Leaderboard.Evaluator.Runner;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Neighbours;

/// <summary>
/// Protocol <c>knn</c>: weighted nearest neighbours on frozen features, as DINO defines it (Caron et al. 2021,
/// facebookresearch/dino <c>eval_knn.py</c>, function <c>knn_classifier</c>) and DINOv2 after it (facebookresearch/dinov2
/// <c>dinov2/eval/knn.py</c>, whose softmax over the neighbours is the same weights up to a factor). Features are
/// normalised to length 1, a vector of zeros stays zero; the similarity is the dot product; the k most similar train
/// samples vote, see <see cref="WeightedVote"/>.
/// </summary>
/// <remarks>
/// Where those scripts leave the order of equals to a sort, here it is fixed: of equally similar train samples the lower
/// index is nearer, of classes with equal sums the lower class is first. Products are made in float32 and choose a
/// few more than k candidates; these are compared again in double, and so neither the neighbours nor the confidence depend
/// on blocks, threads or device. The one exception: more train samples than the spare ones lie within rounding (about
/// 1e-4 in the worst case, about 1e-6 as a rule) of a query's k-th neighbour. Queries where that cannot be ruled out are
/// counted; a network whose features are all equal has no others.
/// </remarks>
internal static class NearestNeighbours
{
    /// <summary>Predicts every query once, in order.</summary>
    /// <param name="trainFeatures">float32 [N, D], on the CPU.</param>
    /// <param name="trainTargets">The class of each of the N.</param>
    /// <param name="queryFeatures">float32 [Q, D], on the CPU.</param>
    /// <param name="voting">How the neighbours vote.</param>
    /// <param name="onProgress">Takes how many queries are done; counts parts of a block.</param>
    /// <param name="onPredictions">Takes the next queries' predictions, block after block.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <returns>Of how many queries the k neighbours are not proved to be the nearest of all.</returns>
    public static int Run(
        Tensor trainFeatures,
        IReadOnlyList<int> trainTargets,
        Tensor queryFeatures,
        Voting voting,
        Action<int>? onProgress,
        Action<Prediction[]> onPredictions,
        CancellationToken cancellationToken)
    {
        var (train, queries) = (new FeatureRows(trainFeatures), new FeatureRows(queryFeatures));
        Require(train, trainTargets, queries, voting);
        var search = new NeighbourSearch(train, voting);
        var unproved = 0;
        for (var first = 0; first < queries.Count; first += voting.Block.Queries)
        {
            using var scope = NewDisposeScope();
            var (start, count) = (first, Math.Min(voting.Block.Queries, queries.Count - first));
            var candidates = search.Find(
                queries.Block(start, count), done => onProgress?.Invoke(start + done), cancellationToken);
            var predictions = new Prediction[count];
            Parallel.For(
                0, count, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() },
                i =>
                {
                    var near = Nearest(queries[start + i], train, candidates[i].Samples());
                    var k = Math.Min(voting.K, near.Length);
                    predictions[i] = WeightedVote.Of(near.AsSpan(0, k), trainTargets, voting);
                    if (near[k - 1].Similarity <= candidates[i].Threshold + search.Rounding && near.Length < train.Count)
                    {
                        Interlocked.Increment(ref unproved);
                    }
                });
            onPredictions(predictions);
        }
        return unproved;
    }

    private static Neighbour[] Nearest(ReadOnlySpan<float> query, FeatureRows train, int[] samples)
    {
        var length = Cosine.Length(query);
        var neighbours = new Neighbour[samples.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            neighbours[i] = new Neighbour(samples[i], Cosine.Of(query, train[samples[i]], length));
        }
        Array.Sort(neighbours);
        return neighbours;
    }

    private static void Require(
        FeatureRows train, IReadOnlyList<int> targets, FeatureRows queries, Voting voting)
    {
        if (train.Count == 0 || train.Count != targets.Count || train.Width != queries.Width)
        {
            throw new ArgumentException(
                $"[{train.Count}, {train.Width}] features with {targets.Count} targets, queries of {queries.Width}.");
        }
        if (voting.K < 1 || !(voting.Temperature > 0) || targets.Any(target => target < 0 || target >= voting.ClassCount))
        {
            throw new ArgumentException("k is at least 1, the temperature positive, every target one of the classes.");
        }
    }
}
