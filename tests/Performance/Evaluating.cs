using System.Diagnostics;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Runner;

namespace Leaderboard.Performance;

/// <summary>An evaluation as the runner does it, on all processors.</summary>
internal static class Evaluating
{
    private const int BatchSize = 8;

    /// <summary>From files to predictions; the loading of weights left out, as everywhere.</summary>
    public static void EndToEnd(string weights, string folder)
    {
        var files = Measurement.JpegFiles(folder);
        var scratch = Directory.CreateTempSubdirectory("evaluating-").FullName;
        Finished? finished = null;
        RunCommand.Execute(
            new RunRequest(
                new LoadRequest(weights, null, null, AllowPrograms: false, "cpu", Environment.ProcessorCount),
                folder,
                [.. files.Select(file => Path.GetRelativePath(folder, file))],
                ClassCount: 1000,
                Decoding.ImageNet,
                "float32",
                scratch),
            message => finished = message as Finished ?? finished);
        var predictions = PredictionsFile.Read(
            Path.Combine(scratch, PredictionsFile.Name), files.Count, 1000).Select(prediction => prediction.Top[0]);
        Directory.Delete(scratch, recursive: true);
        Measurement.Print(files.Count, files.Count / finished!.ImagesPerSecond, [.. predictions]);
    }

    /// <summary>The floor: the forward pass alone, on numbers that are in memory.</summary>
    public static void Forward(string weights, int images)
    {
        using var model = ModelLoader.Load(
            weights,
            new ModelRequest(null, null, AllowPrograms: false),
            new EngineRequest("cpu", "float32", Environment.ProcessorCount, Path.GetTempPath()));
        var random = new Random(1);
        using var batch = model.Engine.CreateBuffer(BatchSize, new ImageSize(224, 224));
        for (var i = 0; i < BatchSize; i++)
        {
            foreach (ref var number in batch[i])
            {
                number = random.NextSingle();
            }
        }
        model.Engine.Forward(batch, BatchSize);
        var start = Stopwatch.GetTimestamp();
        for (var done = 0; done < images; done += BatchSize)
        {
            model.Engine.Forward(batch, BatchSize);
        }
        Measurement.Print(images, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
