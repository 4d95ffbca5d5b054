using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>What libtorch's errors mean: they come as one type, told apart by their text alone.</summary>
internal static class LibtorchError
{
    private const int MaxLength = 300;
    private static readonly string[] OutOfMemoryTexts = ["can't allocate memory", "bad_alloc", "out of memory"];

    public static bool IsOutOfMemory(Exception error) => error is OutOfMemoryException
        || (error is ExternalException && OutOfMemoryTexts.Any(text => error.Message.Contains(text, StringComparison.Ordinal)));

    /// <summary>The failure that an error of a checkpoint's own network is.</summary>
    public static EvaluationFailedException Refuse(string what, ExternalException error) => IsOutOfMemory(error)
        ? new(FailureCodes.OutOfMemory, $"{what}: it needs more memory than a runner may have.")
        : Refused.Unrecognised($"{what}: {Reason(error.Message)}");

    // The text goes on with a trace of the interpreter and of C++; what went wrong stands behind 'RuntimeError:', or first.
    private static string Reason(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = lines.FirstOrDefault(l => l.StartsWith("RuntimeError:", StringComparison.Ordinal)) ?? lines.FirstOrDefault() ?? "";
        var reason = Refused.Printable(line, MaxLength);
        return reason == "" ? "libtorch does not say why" : reason;
    }
}
