using System.Diagnostics;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Runner;
using static TorchSharp.torch;

namespace Leaderboard.Performance;

/// <summary>An evaluation as the runner does it, on all processors.</summary>
internal static class Evaluating
{
    private const int BatchSize = 8;

    /// <summary>From files to predictions; the loading of weights left out, as everywhere.</summary>
    public static void EndToEnd(string weights, string folder)
    {
        var files = Measurement.JpegFiles(folder);
        var scratch = Path.GetTempFileName();
        var list = Path.GetTempFileName();
        SampleList.Write(list, files.Select(file => Path.GetRelativePath(folder, file)));
        Finished? finished = null;
        RunCommand.Execute(
            new RunRequest(
                new LoadRequest(weights, null, null, AllowPrograms: false, "cpu", Environment.ProcessorCount),
                new FilesRequest(folder, list),
                ClassCount: 1000,
                Decoding.ImageNet,
                scratch),
            message => finished = message as Finished ?? finished);
        var predictions = PredictionsFile.Read(scratch, files.Count, 1000).Select(prediction => prediction.Top[0]);
        File.Delete(scratch);
        File.Delete(list);
        Measurement.Print(files.Count, files.Count / finished!.ImagesPerSecond, [.. predictions]);
    }

    /// <summary>The floor: the forward pass alone, on numbers that are in memory.</summary>
    public static void Forward(string weights, int images)
    {
        set_num_threads(Environment.ProcessorCount);
        using var mode = inference_mode();
        using var model = ModelLoader.Load(weights, new ModelRequest(null, null, AllowPrograms: false), CPU);
        using var batch = rand([BatchSize, 224, 224, 3]).permute(0, 3, 1, 2);
        model.Forward(batch).Dispose();
        var start = Stopwatch.GetTimestamp();
        for (var done = 0; done < images; done += BatchSize)
        {
            model.Forward(batch).Dispose();
        }
        Measurement.Print(images, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
