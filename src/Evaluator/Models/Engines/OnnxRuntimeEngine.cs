using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Operations;
using Leaderboard.Evaluator.Onnx;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>
/// ONNX Runtime on the CPU, float32: the fastest engine there that passes the goldens (docs/performance.md). It lays
/// convolutions out for the processor's vectors, folds and fuses as it loads, and runs on threads of its own.
/// </summary>
internal sealed class OnnxRuntimeEngine : Engine
{
    private static readonly OnnxInput Planes = new(PixelLayout.Planes, Batch: null, Height: null, Width: null);

    private readonly OnnxInput input;
    private readonly string[] inputs;
    private readonly string[] outputs;
    private readonly RunOptions run = new();
    private readonly InferenceSession session;

    private OnnxRuntimeEngine(InferenceSession session, OnnxInput input)
    {
        (this.session, this.input) = (session, input);
        inputs = [session.InputNames[0]];
        outputs = [session.OutputNames[0]];
    }

    public override string Name { get; } = $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";

    public override string Device => "cpu";

    /// <summary>A network with its weights. Of the copy that it makes of them in the scratch folder nothing stays.</summary>
    public static OnnxRuntimeEngine Load(Network network, Value answer, Weights weights, EngineRequest request)
    {
        using var options = Options(request.Threads);
        return Load(network, answer, weights, request.Scratch, options);
    }

    /// <summary>The same with options to be measured beside <see cref="Options"/>.</summary>
    public static OnnxRuntimeEngine Load(
        Network network, Value answer, Weights weights, string scratch, SessionOptions options)
    {
        const string FileName = "weights";
        var graph = new OnnxGraph(weights);
        var names = new List<string> { OnnxGraph.Input };
        foreach (var operation in network.Operations)
        {
            names.Add(operation.Write(graph, [.. operation.Inputs.Select(input => names[input.Index])]));
        }
        var folder = Directory.CreateDirectory(Path.Combine(scratch, $"engine-{Guid.NewGuid():N}")).FullName;
        try
        {
            var offsets = WeightsFile.Write(Path.Combine(folder, FileName), weights, graph.Weights);
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
            var session = new InferenceSession(graph.ToModel(names[answer.Index], FileName, offsets), options);
            return new OnnxRuntimeEngine(session, Planes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A model of a submitter's.</summary>
    public static OnnxRuntimeEngine Load(string path, OnnxInput input, EngineRequest request)
    {
        try
        {
            using var options = Options(request.Threads);
            return new OnnxRuntimeEngine(new InferenceSession(path, options), input);
        }
        catch (OnnxRuntimeException e)
        {
            throw OnnxRuntimeError.Refuse("ONNX Runtime cannot load this model", e);
        }
    }

    /// <summary>Its options. Arena, memory patterns and spinning threads stay as they are: docs/performance.md.</summary>
    public static SessionOptions Options(int threads) => new()
    {
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        IntraOpNumThreads = threads,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
    };

    public override BatchFormat FormatOf(ImageSize image) => input.FormatOf(image);

    public override Output Forward(ImageBatch batch)
    {
        try
        {
            using var images = ViewOf(batch);
            using var answers = session.Run(run, inputs, [images], outputs);
            return Read(answers[0], batch.Count);
        }
        catch (OnnxRuntimeException e)
        {
            throw OnnxRuntimeError.Refuse($"The network fails on images of {batch.Image}", e);
        }
    }

    public override void Dispose()
    {
        run.Dispose();
        session.Dispose();
    }

    // Of a batch that the model wants whole, what follows the last image is not looked at.
    private static Output Read(OrtValue answer, int count)
    {
        if (!answer.IsTensor || answer.GetTensorTypeAndShape() is not { ElementDataType: TensorElementType.Float } description)
        {
            throw Refused.Unrecognised("The model gives something else than one tensor of float32.");
        }
        var shape = description.Shape;
        var values = answer.GetTensorDataAsSpan<float>();
        if (shape.Length == 2 && shape[0] > count)
        {
            shape[0] = count;
            values = values[..(int)(count * shape[1])];
        }
        return new Output(values.ToArray(), shape);
    }

    // The batch's memory as a tensor, without a copy.
    private OrtValue ViewOf(ImageBatch batch)
    {
        var shape = input.ShapeOf(input.Batch ?? batch.Count, batch.Image);
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape,
            batch.Memory.Address, shape.Aggregate((long)sizeof(float), (product, size) => product * size));
    }
}
