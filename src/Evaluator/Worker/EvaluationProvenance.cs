using Leaderboard.Evaluator.Features;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Worker.Caching;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Worker;

/// <summary>What it takes to get the same scores again.</summary>
internal sealed class EvaluationProvenance(WorkerOptions options, WorkerIdentity identity)
{
    /// <summary>Of a network's own predictions.</summary>
    public Provenance Of(
        ClaimedEvaluation evaluation, CheckedDataset dataset, NetworkAnswers answers, TimeSpan duration) =>
        Of(evaluation, dataset, answers.Inspection, answers.Finished, answers.Decoders, duration);

    /// <summary>Of what was learnt on features, those of the evaluated split telling what computed them.</summary>
    public Provenance Of(
        ClaimedEvaluation evaluation, CheckedDataset evaluated, FeatureRecord features, LearningProvenance learning,
        Learned learned, TimeSpan duration) =>
        Of(evaluation, evaluated, features.Inspection, features.Finished, features.Decoders, duration) with
        {
            PeakMemoryBytes = Math.Max(features.Finished.PeakMemoryBytes, learned.PeakMemoryBytes),
            Learning = learning,
        };

    private Provenance Of(
        ClaimedEvaluation evaluation,
        CheckedDataset dataset,
        CheckpointInspection inspection,
        Finished finished,
        IReadOnlyDictionary<string, string>? decoders,
        TimeSpan duration) => new(
            evaluation.CheckpointSha256,
            inspection.Architecture,
            inspection.Recognition,
            inspection.ParameterCount,
            $"{evaluation.Benchmark.Name}@{evaluation.Benchmark.Version}",
            dataset.Sha256,
            evaluation.Transform,
            EvalTransformDeclared: evaluation.EvalTransform is not null,
            finished.Device,
            evaluation.Precision,
            finished.Engine,
            Libraries(finished, decoders),
            options.Threads,
            duration.TotalSeconds,
            finished.ImagesPerSecond,
            finished.PeakMemoryBytes,
            identity.Id,
            FeatureRecipe.CurrentSoftware);

    // Packed images were decoded by the libraries of their recipe, whatever the runner has loaded.
    private static Dictionary<string, string> Libraries(Finished finished, IReadOnlyDictionary<string, string>? decoders)
    {
        var libraries = new Dictionary<string, string>(finished.Libraries);
        foreach (var (name, version) in decoders ?? new Dictionary<string, string>())
        {
            libraries[name] = version;
        }
        return libraries;
    }
}
