using Leaderboard.Api.Evaluations;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Submissions;

/// <summary>A checkpoint handed in under a model name, and what became of it.</summary>
/// <param name="Id">Id of the submission.</param>
/// <param name="ModelName">What boards call the model.</param>
/// <param name="Checkpoint">SHA-256 of its checkpoint.</param>
/// <param name="CreatedAt">When it was handed in, UTC.</param>
/// <param name="Submitter">Name of the user who handed it in.</param>
/// <param name="Architecture">The network as the submitter gave it; null: to be recognised.</param>
/// <param name="Weights">Which weights of a file that holds both, as the submitter gave it.</param>
/// <param name="EvalTransform">The submitter's own transform; null: each benchmark's.</param>
/// <param name="Output">What the network puts out.</param>
/// <param name="Precision">Element type of the forward pass.</param>
/// <param name="Paper">Id of its paper, as given.</param>
/// <param name="CodeUrl">Where its code is.</param>
/// <param name="UsesAdditionalData">True where training saw data beyond the benchmark's own training set.</param>
/// <param name="Visibility"><c>public</c> or <c>private</c>.</param>
/// <param name="LabelOrder">The order of classes that the checkpoint declares; null: none.</param>
/// <param name="Claimed">The figures that its authors claim.</param>
/// <param name="Evaluations">One for each benchmark wanted.</param>
public sealed record Submission(
    Guid Id,
    string ModelName,
    string Checkpoint,
    DateTime CreatedAt,
    string Submitter,
    string? Architecture,
    string? Weights,
    EvalTransform? EvalTransform,
    string Output,
    string Precision,
    string? Paper,
    string? CodeUrl,
    bool UsesAdditionalData,
    string Visibility,
    string? LabelOrder,
    IReadOnlyList<Claim> Claimed,
    IReadOnlyList<EvaluationSummary> Evaluations);
