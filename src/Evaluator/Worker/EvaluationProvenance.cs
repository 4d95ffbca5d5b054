using Leaderboard.Evaluator.Features;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Worker;

/// <summary>What it takes to get the same scores again.</summary>
internal sealed class EvaluationProvenance(WorkerOptions options, WorkerIdentity identity)
{
    /// <summary>Of what was learnt on features, those of the evaluated split telling what computed them.</summary>
    public Provenance Of(
        ClaimedEvaluation evaluation, CheckedDataset evaluated, NetworkAnswers features, LearningProvenance learning,
        Learned learned, TimeSpan duration) =>
        Of(evaluation, evaluated, features, duration) with
        {
            PeakMemoryBytes = Math.Max(features.Finished.PeakMemoryBytes, learned.PeakMemoryBytes),
            Learning = learning,
        };

    /// <summary>Of a network's own predictions.</summary>
    public Provenance Of(
        ClaimedEvaluation evaluation, CheckedDataset dataset, NetworkAnswers answers, TimeSpan duration) => new(
            evaluation.CheckpointSha256,
            answers.Inspection.Architecture,
            answers.Inspection.Recognition,
            answers.Inspection.ParameterCount,
            $"{evaluation.Benchmark.Name}@{evaluation.Benchmark.Version}",
            dataset.Sha256,
            evaluation.Transform,
            EvalTransformDeclared: evaluation.EvalTransform is not null,
            answers.Finished.Device,
            evaluation.Precision,
            answers.Finished.Engine,
            Libraries(answers),
            options.Threads,
            duration.TotalSeconds,
            answers.Finished.ImagesPerSecond,
            answers.Finished.PeakMemoryBytes,
            identity.Id,
            FeatureRecipe.CurrentSoftware);

    // Packed images were decoded by the libraries of their recipe, whatever the runner has loaded.
    private static Dictionary<string, string> Libraries(NetworkAnswers answers)
    {
        var libraries = new Dictionary<string, string>(answers.Finished.Libraries);
        foreach (var (name, version) in answers.Decoders ?? new Dictionary<string, string>())
        {
            libraries[name] = version;
        }
        return libraries;
    }
}
