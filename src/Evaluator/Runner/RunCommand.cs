using System.Diagnostics;
using Leaderboard.Evaluator.Features;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;

namespace Leaderboard.Evaluator.Runner;

/// <summary><c>run</c>: loads the checkpoint, runs it on every sample, leaves its answers in the scratch folder.</summary>
internal static class RunCommand
{
    public static void Execute(RunRequest request, Action<RunnerEvent> send)
    {
        var total = Stopwatch.StartNew();
        using var model = ModelLoader.Load(
            request.Load.Checkpoint,
            new ModelRequest(
                request.Load.Architecture,
                request.Load.Weights,
                request.Load.AllowPrograms,
                request.Answers is FeaturesWanted ? NetworkOutput.Features : NetworkOutput.Logits,
                request.Load.GivesFeatures ? NetworkOutput.Features : NetworkOutput.Logits),
            new EngineRequest(request.Load.Device, request.Precision, request.Load.Threads, request.Scratch));
        send(new Loaded(model.Inspection));

        using var images = Open(request);
        model.Takes?.Check(images.Size);
        var peakMemory = ProcessMemory.Anonymous();
        var evaluating = Stopwatch.StartNew();
        var progress = new ProgressMeter(images.Count, message =>
        {
            send(message);
            peakMemory = Math.Max(peakMemory, ProcessMemory.Anonymous());
        });
        using var batches = new ImageBatches(
            images, request.EvalTransform, model.Engine.FormatOf(images.Size), request.Load.Threads);
        var features = request.Answers switch
        {
            PredictionsWanted wanted => Predict(model.Engine, batches, wanted, request.Scratch, progress),
            FeaturesWanted => FeatureExtraction.Run(
                model.Engine, batches, images.Count, request.Scratch,
                dimension => send(new FeaturesMeasured(dimension)), progress),
            var other => throw new InvalidOperationException($"There are no answers of {other}."),
        };
        send(new Finished(
            model.Engine.Name,
            model.Engine.Device,
            LibraryVersions.All(),
            total.Elapsed.TotalSeconds,
            images.Count / evaluating.Elapsed.TotalSeconds,
            peakMemory,
            features));
    }

    private static int? Predict(
        Engine engine, ImageBatches batches, PredictionsWanted wanted, string scratch, ProgressMeter progress)
    {
        using var file = new BufferedStream(File.Create(Path.Combine(scratch, PredictionsFile.Name)), 1 << 16);
        var done = 0;
        Classification.Run(engine, batches, wanted, predictions =>
        {
            PredictionsFile.Write(file, predictions);
            progress.Report(done += predictions.Length);
        });
        return null;
    }

    private static ImageSource Open(RunRequest request) => request.Images switch
    {
        FilesRequest files => new ImageFiles(files.Folder, files.List, request.EvalTransform),
        PackedRequest packed => new PackedImages(packed.File, packed.Count, new ImageSize(packed.Width, packed.Height)),
        var other => throw new InvalidOperationException($"There are no images in {other}."),
    };
}
