using System.Diagnostics;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Runner;
using static TorchSharp.torch;

namespace Leaderboard.Performance.Gpu;

/// <summary>Evaluations of one network on one device, by the loop that the runner runs.</summary>
internal sealed class GpuEvaluating : IDisposable
{
    private const int ClassCount = 1000;
    private const int ForwardBatches = 50;
    private const int WarmBatches = 5;
    private static readonly ImageSize Image = new(224, 224);

    private readonly string folder;
    private readonly LoadedModel model;
    private readonly string precision;
    private readonly IReadOnlyList<string> samples;
    private readonly string scratch = Directory.CreateTempSubdirectory("bench-gpu-").FullName;
    private readonly LoadRequest weights;

    /// <param name="request">The network's weights and the device.</param>
    /// <param name="precision">Element type of the forward pass.</param>
    /// <param name="folder">A folder of JPEG files.</param>
    /// <param name="count">Number of samples; the files are repeated as often as that takes.</param>
    public GpuEvaluating(LoadRequest request, string precision, string folder, int count)
    {
        (weights, this.precision, this.folder) = (request, precision, folder);
        var files = Measurement.JpegFiles(folder);
        samples = [.. Enumerable.Range(0, count).Select(i => Path.GetRelativePath(folder, files[i % files.Count]))];
        model = ModelLoader.Load(
            request.Checkpoint, new ModelRequest(null, null, AllowPrograms: false),
            new EngineRequest(request.Device, precision, request.Threads, scratch));
    }

    /// <summary>From files to predictions.</summary>
    public Measured FromFiles(string subject)
    {
        var request = WriteList();
        using var images = new ImageFiles(request.Folder, request.List, Decoding.ImageNet);
        return Classify(subject, images);
    }

    /// <summary>From packed images to predictions; the packing is not counted.</summary>
    public Measured FromPacked(string subject)
    {
        var packed = Path.Combine(scratch, PackedFormat.ImagesFile);
        PackCommand.Execute(
            new PackRequest(WriteList(), Decoding.ImageNet, packed, long.MaxValue, weights.Threads), _ => { });
        using var images = new PackedImages(packed, samples.Count, Image);
        return Classify(subject, images);
    }

    /// <summary>The ceiling: the forward pass alone, on images that lie on the device.</summary>
    public Measured Forward(string subject)
    {
        var engine = model.Engine as LibtorchEngine
            ?? throw new InvalidOperationException($"{model.Engine.Name} computes on no GPU.");
        var size = engine.FormatOf(Image).Size;
        using var outer = NewDisposeScope();
        var images = randn(size, 3, Image.Height, Image.Width)
            .to(LibtorchEngine.PrecisionOf(new EngineRequest(weights.Device, precision, weights.Threads, scratch)), device(weights.Device))
            .ChannelsLast();
        Run(WarmBatches);
        var start = Stopwatch.GetTimestamp();
        Run(ForwardBatches);
        return new Measured(subject, size * ForwardBatches, Stopwatch.GetElapsedTime(start).TotalSeconds, engine.Name);

        void Run(int batches)
        {
            for (var i = 0; i < batches; i++)
            {
                using var scope = NewDisposeScope();
                engine.Logits(images);
            }
            if (weights.Device != "cpu")
            {
                cuda.synchronize();
            }
        }
    }

    /// <summary>Predictions with the margins of their logits, which tell a near tie; not timed.</summary>
    public Measured Reference(string subject)
    {
        var best = Logits()
            .Select(logits => logits.Index().OrderByDescending(logit => logit.Item).Take(2).ToArray()).ToList();
        return new Measured(
            subject, samples.Count, 0, model.Engine.Name, [.. best.Select(two => two[0].Index)],
            [.. best.Select(two => (double)two[0].Item - two[1].Item)]);
    }

    /// <summary>Of each class, the mean of its logits over the samples.</summary>
    public double[] MeanLogits()
    {
        var sums = new double[ClassCount];
        foreach (var logits in Logits())
        {
            for (var i = 0; i < ClassCount; i++)
            {
                sums[i] += logits[i] / samples.Count;
            }
        }
        return sums;
    }

    public void Dispose()
    {
        model.Dispose();
        Directory.Delete(scratch, recursive: true);
    }

    // The first of two rounds brings files into memory and has the GPU's libraries choose and load their kernels.
    private Measured Classify(string subject, ImageSource images)
    {
        var (predictions, seconds) = (new List<int>(), 0.0);
        for (var round = 0; round < 2; round++)
        {
            predictions.Clear();
            var start = Stopwatch.GetTimestamp();
            using (var batches = new ImageBatches(
                images, Decoding.ImageNet, model.Engine.FormatOf(images.Size), weights.Threads))
            {
                Classification.Run(
                    model.Engine, batches, new PredictionsWanted(ClassCount),
                    batch => predictions.AddRange(batch.Select(prediction => prediction.Top[0])));
            }
            seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return new Measured(subject, samples.Count, seconds, model.Engine.Name, predictions);
    }

    private IEnumerable<float[]> Logits()
    {
        var request = WriteList();
        using var images = new ImageFiles(request.Folder, request.List, Decoding.ImageNet);
        using var batches = new ImageBatches(images, Decoding.ImageNet, model.Engine.FormatOf(images.Size), weights.Threads);
        foreach (var (batch, answer) in model.Engine.ForwardAll(batches.All()))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                yield return answer.Values.Slice(i * ClassCount, ClassCount).ToArray();
            }
            batches.Release(batch);
        }
    }

    private FilesRequest WriteList()
    {
        var list = Path.Combine(scratch, "samples");
        if (!File.Exists(list))
        {
            SampleList.Write(list, samples);
        }
        return new FilesRequest(folder, list);
    }
}
