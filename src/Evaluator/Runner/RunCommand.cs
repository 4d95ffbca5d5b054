using System.Diagnostics;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Protocols;
using TorchSharp;

namespace Leaderboard.Evaluator.Runner;

/// <summary><c>run</c>: loads the checkpoint, classifies every sample, leaves the predictions in the scratch folder.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    public static void Execute(RunRequest request, Action<RunnerEvent> send)
    {
        var total = Stopwatch.StartNew();
        torch.set_num_threads(request.Load.Threads);
        var device = torch.device(request.Load.Device);
        using var model = ModelLoader.Load(
            request.Load.Checkpoint,
            new ModelRequest(request.Load.Architecture, request.Load.Weights, request.Load.AllowPrograms),
            device);
        send(new Loaded(model.Inspection));

        var peakMemory = ProcessMemory.Anonymous();
        var evaluating = Stopwatch.StartNew();
        var (reportedAt, reportedDone) = (TimeSpan.Zero, 0);
        var predictions = Classification.Run(model, request, device, done =>
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

        using (var file = new BufferedStream(File.Create(request.Predictions), 1 << 16))
        {
            PredictionsFile.Write(file, predictions);
        }
        send(new Finished(
            $"libtorch {torch.__version__}",
            LibraryVersions.All(),
            total.Elapsed.TotalSeconds,
            request.Samples.Count / evaluating.Elapsed.TotalSeconds,
            peakMemory));
    }
}
