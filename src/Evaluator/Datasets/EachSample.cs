using System.Collections.Concurrent;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>Goes through a dataset's samples on several threads.</summary>
internal static class EachSample
{
    /// <summary>
    /// Does <paramref name="work"/> for every index from 0; the progress is how many are done. Of several failures, the
    /// first in the samples' order is thrown, as it is.
    /// </summary>
    public static void Do(
        int count, int maxParallelism, IProgress<int>? progress, Action<int> work, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentDictionary<long, EvaluationFailedException>();
        var done = 0;
        var loop = Parallel.For(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = maxParallelism, CancellationToken = cancellationToken },
            (index, state) =>
            {
                try
                {
                    work(index);
                    progress?.Report(Interlocked.Increment(ref done));
                }
                catch (EvaluationFailedException failure)
                {
                    // Unlike an exception or Stop, Break has every earlier sample done.
                    failures[index] = failure;
                    state.Break();
                }
            });
        if (loop.LowestBreakIteration is { } first)
        {
            throw failures[first];
        }
    }
}
