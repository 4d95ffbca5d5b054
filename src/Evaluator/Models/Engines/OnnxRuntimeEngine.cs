using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Operations;
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

    public override BatchFormat FormatOf(ImageSize image) => BatchFormat.ForCpu(PixelLayout.Planes, image);

    public override Output Forward(ImageBatch batch)
    {
        try
        {
            using var run = new RunOptions();
            using var input = ViewOf(batch);
            using var answers = session.Run(run, inputs, [input], outputs);
            return Read(answers[0]);
        }
        catch (OnnxRuntimeException e)
        {
            throw OnnxRuntimeError.Refuse($"The network fails on images of {batch.Image}", e);
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

    // The batch's memory as a tensor, without a copy.
    private static OrtValue ViewOf(ImageBatch batch) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, TensorElementType.Float,
        [batch.Count, 3, batch.Image.Height, batch.Image.Width],
        batch.Memory.Address, batch.Count * batch.Image.Bytes * sizeof(float));

    private static SessionOptions Options(int threads) => new()
    {
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        IntraOpNumThreads = threads,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
    };
}
