namespace Leaderboard.Evaluator;

/// <summary>
/// Ends an evaluation or an inspection as failed, with a code of
/// <see cref="Leaderboard.Shared.Evaluations.FailureCodes"/> and a message that its submitter or operator can act on.
/// </summary>
internal sealed class EvaluationFailedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    /// <summary>Index of the sample that it happened at, where the one who throws knows no name of it.</summary>
    public int? Sample { get; init; }
}
