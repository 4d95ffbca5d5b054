using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>The ways in which a checkpoint is refused.</summary>
internal static class Refused
{
    /// <summary>What a submitter sends instead of a file that asks for code.</summary>
    public const string SendInstead =
        "Send the weights alone (torch.save(model.state_dict(), path)) or a TorchScript program.";

    public static EvaluationFailedException Empty() => new(FailureCodes.CheckpointEmpty, "The file has no bytes.");

    public static EvaluationFailedException Truncated(string message) =>
        new(FailureCodes.CheckpointTruncated, message);

    public static EvaluationFailedException Unrecognised(string message) =>
        new(FailureCodes.CheckpointUnrecognised, message);

    public static EvaluationFailedException Unsafe(string message) =>
        new(FailureCodes.CheckpointUnsafe, message);

    public static EvaluationFailedException TooLarge(string message) =>
        new(FailureCodes.CheckpointTooLarge, message);

    public static EvaluationFailedException Ambiguous(string message) =>
        new(FailureCodes.ArchitectureAmbiguous, message);

    public static EvaluationFailedException Mismatch(string message) =>
        new(FailureCodes.TensorsMismatch, message);

    /// <summary>A name out of a hostile file, short, printable and in quotes.</summary>
    public static string Quote(string name) => $"'{Printable(name)}'";

    /// <summary>A text out of a hostile file, short and printable.</summary>
    public static string Printable(string text, int maxLength = 100)
    {
        var shown = text.Length <= maxLength ? text : text[..maxLength] + "…";
        return string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
