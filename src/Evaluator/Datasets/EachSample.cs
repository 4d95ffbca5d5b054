using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>Goes through a dataset's samples on several threads.</summary>
internal static class EachSample
{
    /// <summary>
    /// Does <paramref name="work"/> for every index from 0; the progress is how many are done. Of several failures, the
    /// first in the samples' order is thrown, as it is; of other exceptions, which end the work at once, any.
    /// </summary>
    public static void Do(
        int count, int maxParallelism, IProgress<int>? progress, Action<int> work, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentDictionary<long, EvaluationFailedException>();
        var done = 0;
        try
        {
            var loop = Parallel.For(
                0,
                count,
                new ParallelOptions { MaxDegreeOfParallelism = maxParallelism, CancellationToken = cancellationToken },
                Do);
            if (loop.LowestBreakIteration is { } first)
            {
                throw failures[first];
            }
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        void Do(int index, ParallelLoopState state)
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
        }
    }
}
