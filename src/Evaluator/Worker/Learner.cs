using Leaderboard.Evaluator.Features;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Worker.Caching;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Has heads learnt on features, by a child that is shown features and targets and no checkpoint.</summary>
internal sealed class Learner(RunnerProcess runner, WorkerOptions options)
{
    /// <summary>Learns, and leaves predictions of the evaluated split in the folder.</summary>
    public async Task<Learned> RunAsync(
        HeadRequest head, LearningFeatures features, int classCount, string folder, CancellationToken cancellationToken)
    {
        var scratch = new Mount(folder, "/runner/scratch", Writable: true);
        var mounts = new List<Mount> { scratch };
        FeaturesRequest Show(CheckedDataset split, SplitFeatures of)
        {
            var mount = new Mount(of.File, $"/runner/input/{split.Part.Split}");
            mounts.Add(mount);
            var targets = $"{split.Part.Split}-targets";
            TargetsFile.Write(Path.Combine(folder, targets), split.Samples);
            return new FeaturesRequest(
                runner.Seen(mount), $"{runner.Seen(scratch)}/{targets}", of.Record.Count, of.Record.Dimension);
        }
        var splits = features.Splits;
        var request = new LearnRequest(
            head,
            Show(splits.Train, features.Train),
            splits.Selection is { } selection ? Show(selection, features.Selection!) : null,
            Show(splits.Evaluated, features.Evaluated),
            classCount,
            options.Device,
            options.Threads,
            runner.Seen(scratch));
        runner.HandOver(folder);
        return await runner.RunAsync<Learned>(
            "learn", request, mounts, new RunnerLimits(options.TimeLimit, options.MemoryBytes, RunnerLimits.SmallFiles),
            onEvent: null, cancellationToken);
    }
}

/// <summary>The features of the splits that a protocol takes; they stay until this is disposed of.</summary>
internal sealed record LearningFeatures(
    LearningSplits Splits, SplitFeatures Train, SplitFeatures? Selection, SplitFeatures Evaluated) : IDisposable
{
    public void Dispose()
    {
        Train.Dispose();
        Selection?.Dispose();
        Evaluated.Dispose();
    }
}
