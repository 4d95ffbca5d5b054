using System.Collections;
using Leaderboard.Evaluator.Metrics;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Worker;

/// <summary>All that a finished evaluation leaves in the database; the arrays have one element a sample.</summary>
internal sealed record EvaluationOutcome(
    IReadOnlyList<Score> Scores,
    int[] Prediction,
    float[] Confidence,
    BitArray Correct,
    Provenance Provenance,
    Guid ManifestId);
