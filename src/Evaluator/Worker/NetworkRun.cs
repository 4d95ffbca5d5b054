using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Worker.Caching;
using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Runs a checkpoint on the images of a dataset, in the sandbox.</summary>
internal sealed class NetworkRun(CheckpointStore checkpoints, ImagePacker packer, RunnerProcess runner, WorkerOptions options)
{
    /// <summary>Leaves the answers in a folder, which the checkpoint's code may write to.</summary>
    /// <param name="evaluation">The checkpoint and how it is to be run.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="answers">What to leave of the network's answers.</param>
    /// <param name="folder">Where; nothing else may be in it.</param>
    /// <param name="onEvent">Told what the run tells.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<NetworkAnswers> OnAsync(
        ClaimedEvaluation evaluation,
        CheckedDataset dataset,
        AnswersRequest answers,
        string folder,
        Action<RunnerEvent> onEvent,
        CancellationToken cancellationToken)
    {
        using var packed = await OpenPackedAsync(evaluation, dataset, onEvent, cancellationToken);
        if (packed is null)
        {
            SampleList.Write(Path.Combine(folder, "samples"), dataset.Samples.Select(sample => sample.Path));
        }
        var checkpoint = new Mount(checkpoints.PathOf(evaluation.CheckpointSha256), "/runner/input/checkpoint");
        var images = packed is null
            ? new Mount(dataset.Folder, "/runner/input/dataset")
            : new Mount(packed.ImagesFile, "/runner/input/images");
        var scratch = new Mount(folder, "/runner/scratch", Writable: true);
        runner.HandOver(folder);
        var request = new RunRequest(
            new LoadRequest(
                runner.Seen(checkpoint), evaluation.Architecture, evaluation.Weights, runner.AllowPrograms,
                options.Device, options.Threads, evaluation.GivesFeatures),
            packed is null
                ? new FilesRequest(runner.Seen(images), $"{runner.Seen(scratch)}/samples")
                : new PackedRequest(runner.Seen(images), packed.Record.Count, packed.Record.Width, packed.Record.Height),
            answers,
            evaluation.Transform,
            evaluation.Precision,
            runner.Seen(scratch));
        var (loaded, finished) = await RunAsync(
            request, [checkpoint, images, scratch], dataset, onEvent, cancellationToken);
        return new NetworkAnswers(loaded.Inspection, finished, packed?.Record.Recipe.Decoders);
    }

    private async Task<(Loaded Loaded, Finished Finished)> RunAsync(
        RunRequest request, IReadOnlyList<Mount> mounts, CheckedDataset dataset, Action<RunnerEvent> onEvent,
        CancellationToken cancellationToken)
    {
        Loaded? loaded = null;
        try
        {
            var finished = await runner.RunAsync<Finished>(
                "run", request, mounts,
                new RunnerLimits(options.TimeLimit, options.MemoryBytes, FileBytes(request.Answers, dataset.Samples.Count)),
                message =>
                {
                    loaded = message as Loaded ?? loaded;
                    onEvent(message);
                },
                cancellationToken);
            return (loaded ?? throw new RunnerCrashedException("The runner told nothing of the checkpoint.", log: ""), finished);
        }
        catch (EvaluationFailedException failure) when (
            failure.Sample is { } sample && sample >= 0 && sample < dataset.Samples.Count)
        {
            throw new EvaluationFailedException(failure.Code, $"{dataset.Samples[sample].Path}: {failure.Message}");
        }
    }

    private static long FileBytes(AnswersRequest answers, int count) => answers is FeaturesWanted
        ? Math.Max(RunnerLimits.SmallFiles, Features.FeatureFile.Length(count, Features.FeatureFile.MostFeatures))
        : RunnerLimits.SmallFiles;

    // Only the benchmark's own transform: else each submission could have the whole dataset written once more.
    private async Task<PackedDataset?> OpenPackedAsync(
        ClaimedEvaluation evaluation, CheckedDataset dataset, Action<RunnerEvent> onEvent, CancellationToken cancellationToken)
    {
        var own = evaluation.Benchmark.EvalTransform;
        return PackRecipe.SamePixels(evaluation.Transform, own)
            ? await packer.OpenAsync(
                dataset, own, step => onEvent(step with { Done = 0 }), cancellationToken)
            : null;
    }
}

/// <summary>What a run of a network came to, beside the answers in its folder.</summary>
/// <param name="Inspection">What the checkpoint was found to be.</param>
/// <param name="Finished">What computed the answers.</param>
/// <param name="Decoders">Libraries that made pixels of files, where the images were packed before.</param>
internal sealed record NetworkAnswers(
    CheckpointInspection Inspection, Finished Finished, IReadOnlyDictionary<string, string>? Decoders);
