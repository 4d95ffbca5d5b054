using Leaderboard.Api.Accounts;
using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Api.Evaluations.Events;

/// <summary>An evaluation as it was read at one moment, with every state that it has been in.</summary>
internal sealed record FollowedEvaluation(
    Guid Id, Guid UserId, bool IsPublic, IReadOnlyList<EnteredState> States, Progress Progress, Failure? Failure)
{
    public bool IsVisibleTo(Caller caller) => IsPublic || caller.IsAdmin || caller.UserId == UserId;

    /// <summary>What a reader at a position has not been told: no state is left out, of progress only the last.</summary>
    public IEnumerable<(EventPosition Id, string Name, EvaluationEvent Data)> EventsAfter(EventPosition position)
    {
        if (position.IsEnd || States.Count == 0)
        {
            yield break;
        }
        foreach (var entered in States.Where(entered => entered.Ordinal > position.Ordinal))
        {
            position = new EventPosition(entered.Ordinal);
            yield return (position, "state", new EvaluationEvent(Id, entered.State, entered.At));
        }
        var last = States[^1];
        if (last.State == "running" && Progress.Total is not null && Progress.Done != position.Done)
        {
            yield return (
                new EventPosition(last.Ordinal, Progress.Done), "progress", new EvaluationEvent(Id, last.State, null, Progress));
        }
        if (last.State is "succeeded" or "failed" or "cancelled")
        {
            yield return (
                new EventPosition(last.Ordinal, IsEnd: true), "end",
                new EvaluationEvent(Id, last.State, last.At, Failure: Failure));
        }
    }
}

/// <summary>A state that an evaluation has been in.</summary>
internal sealed record EnteredState(int Ordinal, string State, DateTime EnteredAt)
{
    // JSON is read into the process's own time zone.
    public DateTime At => EnteredAt.ToUniversalTime();
}

/// <summary>What is told of an evaluation while it goes on.</summary>
/// <param name="Evaluation">Id of the evaluation.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="At">When it entered this state, UTC; null of progress.</param>
/// <param name="Progress">How far it is; of progress alone.</param>
/// <param name="Failure">Why it failed; of the end alone, and null unless it did.</param>
public sealed record EvaluationEvent(
    Guid Evaluation, string State, DateTime? At, Progress? Progress = null, Failure? Failure = null);
