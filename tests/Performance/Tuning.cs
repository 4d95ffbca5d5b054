using System.Diagnostics;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Models.Recognising;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Evaluations;
using Microsoft.ML.OnnxRuntime;

namespace Leaderboard.Performance;

/// <summary>
/// What was chosen by measuring, beside what was not: engines, sizes of batches, threads and ONNX Runtime's options. Each
/// is measured in rounds, one after another, and its best round counts.
/// </summary>
internal sealed class Tuning(string weights, string program, string folder, int rounds)
{
    private const int Images = 64;

    private static readonly int Cores = Environment.ProcessorCount;
    private static readonly ImageSize Image = new(224, 224);
    private static readonly string Scratch = Path.GetTempPath();

    public void Run()
    {
        var best = new Dictionary<string, double>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, measure) in Subjects())
            {
                best[name] = Math.Max(best.GetValueOrDefault(name), measure());
            }
        }
        foreach (var (name, rate) in best)
        {
            Measurement.Print(new Measured(name, Images, Images / rate));
            Console.Error.WriteLine($"{name,-60} {rate,6:0.0} images/s");
        }
    }

    private IEnumerable<(string Name, Func<double> Measure)> Subjects()
    {
        foreach (var batch in new[] { 1, 2, 4, 8, 16, 32 })
        {
            yield return ($"ONNX Runtime, batches of {batch}", () => Forward(() => OnnxRuntime(Cores), batch));
        }
        foreach (var batch in new[] { 1, 2, 4, 8, 16, 32 })
        {
            yield return ($"libtorch, batch norms folded, batches of {batch}", () => Forward(Libtorch, batch));
        }
        yield return ("libtorch, TorchScript of torchvision's, batches of 8", () => Forward(TorchScript, 8));
        foreach (var threads in Enumerable.Range(1, Cores + 1))
        {
            yield return ($"ONNX Runtime, {threads} threads", () => Forward(() => OnnxRuntime(threads), 8));
        }
        foreach (var (name, change) in OnnxRuntimeOptions())
        {
            yield return ($"ONNX Runtime, {name}", () => Forward(() => OnnxRuntime(Cores, change), 8));
        }
        foreach (var (forward, images) in new[] { (Cores, Cores), (Cores, 1), (1, 1), (1, Cores) })
        {
            yield return ($"from files, {forward} threads of the forward pass, {images} of images", () => FromFiles(forward, images));
        }
    }

    private static IEnumerable<(string Name, Action<SessionOptions> Change)> OnnxRuntimeOptions() =>
    [
        ("no arena", options => options.EnableCpuMemArena = false),
        ("no memory pattern", options => options.EnableMemoryPattern = false),
        ("neither arena nor memory pattern", options => (options.EnableCpuMemArena, options.EnableMemoryPattern) = (false, false)),
        ("threads that sleep at once", options => options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0")),
        ("extended optimisation without layouts", options => options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED),
        ("basic optimisation", options => options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC),
        ("denormals as zero", options => options.AddSessionConfigEntry("session.set_denormal_as_zero", "1")),
    ];

    private static double Forward(Func<Engine> load, int count)
    {
        using var engine = load();
        var format = engine.FormatOf(Image);
        using var memory = new BatchMemory(count * format.ImageBytes(Image));
        var random = new Random(1);
        foreach (ref var number in memory.Floats(0, (int)(memory.Length / sizeof(float))))
        {
            number = random.NextSingle();
        }
        var batch = new ImageBatch(First: 0, count, Image, format.Layout, memory);
        engine.Forward(batch);
        engine.Forward(batch);
        var start = Stopwatch.GetTimestamp();
        for (var done = 0; done < Images; done += count)
        {
            engine.Forward(batch);
        }
        return Images / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private double FromFiles(int forwardThreads, int imageThreads)
    {
        var list = Path.Combine(Directory.CreateTempSubdirectory("tuning-").FullName, "samples");
        SampleList.Write(list, Measurement.JpegFiles(folder).Take(Images).Select(file => Path.GetRelativePath(folder, file)));
        using var engine = OnnxRuntime(forwardThreads);
        using var images = new ImageFiles(folder, list, Decoding.ImageNet);
        var start = Stopwatch.GetTimestamp();
        using (var batches = new ImageBatches(images, Decoding.ImageNet, engine.FormatOf(images.Size), imageThreads))
        {
            Classification.Run(engine, batches, new PredictionsWanted(1000), _ => { });
        }
        return images.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private Engine OnnxRuntime(int threads, Action<SessionOptions>? change = null) => Load((network, tensors) =>
    {
        using var options = OnnxRuntimeEngine.Options(threads);
        change?.Invoke(options);
        return OnnxRuntimeEngine.Load(network, network.Logits!.Value, tensors, Scratch, options);
    });

    private Engine Libtorch() => Load((network, tensors) => LibtorchEngine.Load(
        network, network.Logits!.Value, tensors, new EngineRequest("cpu", Precision.Float32, Cores, Scratch)));

    private Engine TorchScript() => ModelLoader.Load(
        program, new ModelRequest(null, null, AllowPrograms: true),
        new EngineRequest("cpu", Precision.Float32, Cores, Scratch)).Engine;

    private Engine Load(Func<Network, Weights, Engine> load)
    {
        using var file = CheckpointFile.Open(weights);
        var recognised = Recognition.Recognise(StateDict.Of(file, weights: null), architecture: null);
        return load(recognised.Network, new Weights(recognised.Network, recognised.Entries));
    }
}
