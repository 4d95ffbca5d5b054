using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Onnx;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Models;

/// <summary>A checkpoint that brings its own graph: ONNX, run by ONNX Runtime on the CPU.</summary>
internal static class OnnxModel
{
    public static LoadedModel Load(string path, EngineRequest request)
    {
        if (request.Precision != Precision.Float32)
        {
            throw new EvaluationFailedException(
                FailureCodes.PrecisionUnsupported,
                $"ONNX runs in float32 here, not in {request.Precision}. Send the weights alone, or TorchScript.");
        }
        var description = OnnxDescription.Read(path);
        return new LoadedModel(Describe(description), OnnxRuntimeEngine.Load(path, description.Input, request));
    }

    public static CheckpointInspection Inspect(string path) => Describe(OnnxDescription.Read(path));

    // What is trained and what is only kept, ONNX does not tell: all floating-point numbers count.
    private static CheckpointInspection Describe(OnnxDescription description) => new(
        Architecture: null,
        Recognition: null,
        description.Tensors
            .Where(tensor => tensor.Dtype.Contains("float", StringComparison.Ordinal))
            .Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size)),
        description.OutputShape is [_, { } classes] ? (int)Math.Min(classes, int.MaxValue) : null,
        description.Tensors,
        Skipped: []);
}
