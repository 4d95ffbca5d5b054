using System.Reflection;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Worker;

/// <summary>What it takes to get the same scores again.</summary>
internal static class EvaluationProvenance
{
    private static readonly string Software = typeof(EvaluationProvenance).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static Provenance Of(
        ClaimedEvaluation evaluation,
        CheckedDataset dataset,
        PackedDataset? packed,
        CheckpointInspection inspection,
        Finished finished,
        WorkerOptions options,
        WorkerIdentity identity,
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
            Libraries(finished, packed),
            options.Threads,
            duration.TotalSeconds,
            finished.ImagesPerSecond,
            finished.PeakMemoryBytes,
            identity.Id,
            Software);

    // Packed images were decoded by the libraries of their recipe, whatever the runner has loaded.
    private static Dictionary<string, string> Libraries(Finished finished, PackedDataset? packed)
    {
        var libraries = new Dictionary<string, string>(finished.Libraries);
        foreach (var (name, version) in packed?.Record.Recipe.Decoders ?? new Dictionary<string, string>())
        {
            libraries[name] = version;
        }
        return libraries;
    }
}
