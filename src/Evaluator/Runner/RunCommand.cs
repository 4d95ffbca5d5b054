using System.Diagnostics;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Protocols;

namespace Leaderboard.Evaluator.Runner;

/// <summary><c>run</c>: loads the checkpoint, classifies every sample, leaves the predictions in the scratch folder.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    public static void Execute(RunRequest request, Action<RunnerEvent> send)
    {
        var total = Stopwatch.StartNew();
        using var model = ModelLoader.Load(
            request.Load.Checkpoint,
            new ModelRequest(request.Load.Architecture, request.Load.Weights, request.Load.AllowPrograms),
            new EngineRequest(request.Load.Device, request.Precision, request.Load.Threads, request.Scratch));
        send(new Loaded(model.Inspection));

        var peakMemory = ProcessMemory.Anonymous();
        var evaluating = Stopwatch.StartNew();
        var (reportedAt, reportedDone) = (TimeSpan.Zero, 0);
        var predictions = Classification.Run(model, request, done =>
        {
            var elapsed = evaluating.Elapsed - reportedAt;
            if (elapsed < ProgressInterval && done < request.Samples.Count)
            {
                return;
            }
            send(new Progress(done, (done - reportedDone) / elapsed.TotalSeconds));
            (reportedAt, reportedDone) = (evaluating.Elapsed, done);
            peakMemory = Math.Max(peakMemory, ProcessMemory.Anonymous());
        });

        using (var file = new BufferedStream(File.Create(Path.Combine(request.Scratch, PredictionsFile.Name)), 1 << 16))
        {
            PredictionsFile.Write(file, predictions);
        }
        send(new Finished(
            model.Engine.Name,
            LibraryVersions.All(),
            total.Elapsed.TotalSeconds,
            request.Samples.Count / evaluating.Elapsed.TotalSeconds,
            peakMemory));
    }
}
