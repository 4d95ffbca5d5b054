using System.Collections;
using Leaderboard.Evaluator.Metrics;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Worker;

/// <summary>All that a finished evaluation leaves in the database.</summary>
/// <param name="Scores">Its scores.</param>
/// <param name="Predictions">One a sample of the manifest; null where the protocol makes several or none.</param>
/// <param name="Correct">Whether each is right; null as they are.</param>
/// <param name="Provenance">How it came to them.</param>
/// <param name="ManifestId">The samples that were scored.</param>
/// <param name="SampleCount">How many images were run.</param>
/// <param name="Split">The split that was scored, where the protocol learns on another.</param>
/// <param name="IsPartial">Whether the copy of the dataset was incomplete: shown, and ranked nowhere.</param>
internal sealed record EvaluationOutcome(
    IReadOnlyList<Score> Scores,
    IReadOnlyList<Prediction>? Predictions,
    BitArray? Correct,
    Provenance Provenance,
    Guid? ManifestId,
    int SampleCount,
    string? Split = null,
    bool IsPartial = false);
