using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Operations;
using Leaderboard.Evaluator.Preprocessing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>
/// ONNX Runtime on the CPU, float32: the fastest engine there that passes the goldens (docs/performance.md). It lays
/// convolutions out for the processor's vectors, folds and fuses as it loads, and runs on threads of its own.
/// </summary>
internal sealed class OnnxRuntimeEngine : Engine
{
    private readonly string[] inputs;
    private readonly string[] outputs;
    private readonly InferenceSession session;

    private OnnxRuntimeEngine(InferenceSession session)
    {
        this.session = session;
        inputs = [session.InputNames[0]];
        outputs = [session.OutputNames[0]];
    }

    public override string Name { get; } = $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";

    public InferenceSession Session => session;

    /// <summary>A network with its weights. Of the copy that it makes of them in the scratch folder nothing stays.</summary>
    public static OnnxRuntimeEngine Load(Network network, Value answer, Weights weights, EngineRequest request)
    {
        const string FileName = "weights";
        var graph = new OnnxGraph(weights);
        var names = new List<string> { OnnxGraph.Input };
        foreach (var operation in network.Operations)
        {
            names.Add(operation.Write(graph, [.. operation.Inputs.Select(input => names[input.Index])]));
        }
        var folder = Directory.CreateDirectory(Path.Combine(request.Scratch, $"engine-{Guid.NewGuid():N}")).FullName;
        try
        {
            var offsets = WeightsFile.Write(Path.Combine(folder, FileName), weights, graph.Weights);
            using var options = Options(request.Threads);
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
            return new OnnxRuntimeEngine(new InferenceSession(graph.ToModel(names[answer.Index], FileName, offsets), options));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A model of a submitter's.</summary>
    public static OnnxRuntimeEngine Load(string path, EngineRequest request)
    {
        try
        {
            using var options = Options(request.Threads);
            return new OnnxRuntimeEngine(new InferenceSession(path, options));
        }
        catch (OnnxRuntimeException e)
        {
            throw OnnxRuntimeError.Refuse("ONNX Runtime cannot load this model", e);
        }
    }

    public override ImageBuffer CreateBuffer(int capacity, ImageSize size) => new Buffer(capacity, size);

    public override Output Forward(ImageBuffer images, int count)
    {
        try
        {
            using var run = new RunOptions();
            using var input = ((Buffer)images).First(count);
            using var answers = session.Run(run, inputs, [input], outputs);
            return Read(answers[0]);
        }
        catch (OnnxRuntimeException e)
        {
            throw OnnxRuntimeError.Refuse($"The network fails on images of {images.Size}", e);
        }
    }

    public override void Dispose() => session.Dispose();

    private static Output Read(OrtValue answer)
    {
        if (!answer.IsTensor || answer.GetTensorTypeAndShape() is not { ElementDataType: TensorElementType.Float } description)
        {
            throw Refused.Unrecognised("The model's first output is no tensor of float32.");
        }
        return new Output(answer.GetTensorDataAsSpan<float>().ToArray(), description.Shape);
    }

    private static SessionOptions Options(int threads)
    {
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        return options;
    }

    /// <summary>Memory outside the garbage collector's, which ONNX Runtime takes as a tensor.</summary>
    private sealed unsafe class Buffer(int capacity, ImageSize size) : ImageBuffer(capacity, size)
    {
        private const int Alignment = 64;

        private readonly float* numbers = (float*)NativeMemory.AlignedAlloc((nuint)(capacity * size.Bytes * sizeof(float)), Alignment);

        public override Span<float> this[int index] => index >= 0 && index < Capacity
            ? new(numbers + ((long)index * ImageLength), ImageLength)
            : throw new ArgumentOutOfRangeException(nameof(index));

        public OrtValue First(int count) => OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float,
            [count, 3, Size.Height, Size.Width], (nint)numbers, (long)count * ImageLength * sizeof(float));

        public override void Dispose() => NativeMemory.AlignedFree(numbers);
    }
}
