using System.Diagnostics;
using System.IO.Hashing;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Performance;

/// <summary>An evaluation as the runner does it, on all processors; the loading of weights left out, as everywhere.</summary>
internal sealed class Evaluating : IDisposable
{
    private const int ClassCount = 1000;
    private const int ForwardImages = 256;

    private readonly IReadOnlyList<string> files;
    private readonly string folder;
    private readonly string scratch = Directory.CreateTempSubdirectory("evaluating-").FullName;

    /// <param name="folder">A folder of JPEG files.</param>
    /// <param name="repeats">How often each counts as a sample.</param>
    public Evaluating(string folder, int repeats = 1)
    {
        this.folder = folder;
        files = [.. Enumerable.Repeat(Measurement.JpegFiles(folder), repeats).SelectMany(each => each)];
        SampleList.Write(List, files.Select(file => Path.GetRelativePath(folder, file)));
    }

    private string List => Path.Combine(scratch, "samples");

    private string PackedFile => Path.Combine(scratch, PackedFormat.ImagesFile);

    /// <summary>From files to predictions, as where the cache is off or full.</summary>
    public Measured FromFiles(string subject, string weights) => Run(subject, weights, new FilesRequest(folder, List));

    /// <summary>From packed images to predictions; the packing is not counted.</summary>
    public Measured FromPacked(string subject, string weights) => Run(subject, weights, Pack());

    /// <summary>
    /// From files to predictions as a worker goes for the first time: all images packed, the file's digest taken, then
    /// the evaluation from it.
    /// </summary>
    public Measured FirstTime(string subject, string weights)
    {
        var start = Stopwatch.GetTimestamp();
        var packed = Pack();
        var digest = new XxHash128();
        using (var file = File.OpenRead(PackedFile))
        {
            digest.Append(file);
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var run = Run(subject, weights, packed);
        return run with { Seconds = run.Seconds + seconds };
    }

    /// <summary>The floor: the forward pass alone, on numbers that are in memory.</summary>
    public static Measured Forward(string subject, string weights)
    {
        var (image, random) = (new ImageSize(224, 224), new Random(1));
        using var model = ModelLoader.Load(
            weights, new ModelRequest(null, null, AllowPrograms: true),
            new EngineRequest("cpu", Precision.Float32, Environment.ProcessorCount, Path.GetTempPath()));
        var format = model.Engine.FormatOf(image);
        using var memory = new BatchMemory(format.Size * format.ImageBytes(image));
        foreach (ref var number in memory.Floats(0, (int)(memory.Length / sizeof(float))))
        {
            number = random.NextSingle();
        }
        var batch = new ImageBatch(First: 0, format.Size, image, format.Layout, memory);

        var anonymous = ProcessMemory.Anonymous();
        model.Engine.Forward(batch);
        var activations = ProcessMemory.Anonymous() - anonymous;
        var start = Stopwatch.GetTimestamp();
        for (var done = 0; done < ForwardImages; done += format.Size)
        {
            model.Engine.Forward(batch);
        }
        return new Measured(
            subject, ForwardImages, Stopwatch.GetElapsedTime(start).TotalSeconds, model.Engine.Name,
            ModelBytes: model.Inspection.ParameterCount * sizeof(float), ActivationBytes: activations);
    }

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    private PackedRequest Pack()
    {
        Packed? done = null;
        PackCommand.Execute(
            new PackRequest(
                new FilesRequest(folder, List), Decoding.ImageNet, PackedFile, long.MaxValue, Environment.ProcessorCount),
            message => done = message as Packed ?? done);
        return new PackedRequest(PackedFile, files.Count, done!.Width, done.Height);
    }

    private Measured Run(string subject, string weights, ImagesRequest images)
    {
        Finished? finished = null;
        RunCommand.Execute(
            new RunRequest(
                new LoadRequest(weights, null, null, AllowPrograms: false, "cpu", Environment.ProcessorCount),
                images, new PredictionsWanted(ClassCount), Decoding.ImageNet, Precision.Float32, scratch),
            message => finished = message as Finished ?? finished);
        var predictions = PredictionsFile.Read(Path.Combine(scratch, PredictionsFile.Name), files.Count, ClassCount);
        return new Measured(
            subject, files.Count, files.Count / finished!.ImagesPerSecond, finished.Engine,
            [.. predictions.Select(prediction => prediction.Top[0])], PeakBytes: finished.PeakMemoryBytes);
    }
}
