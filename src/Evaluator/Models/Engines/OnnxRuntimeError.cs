using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Shared.Evaluations;
using Microsoft.ML.OnnxRuntime;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>What ONNX Runtime's errors mean: memory is told by the text alone.</summary>
internal static class OnnxRuntimeError
{
    private const int MaxLength = 300;
    private static readonly string[] OutOfMemoryTexts = ["bad_alloc", "Failed to allocate memory", "bad allocation"];

    public static bool IsOutOfMemory(Exception error) => error is OnnxRuntimeException
        && OutOfMemoryTexts.Any(text => error.Message.Contains(text, StringComparison.Ordinal));

    /// <summary>The failure that an error of a checkpoint's own network is.</summary>
    public static EvaluationFailedException Refuse(string what, OnnxRuntimeException error) => IsOutOfMemory(error)
        ? new(FailureCodes.OutOfMemory, $"{what}: it needs more memory than a runner may have.")
        : Refused.Unrecognised($"{what}: {Refused.Printable(error.Message, MaxLength)}");
}
