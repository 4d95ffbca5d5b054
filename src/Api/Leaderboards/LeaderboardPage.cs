using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Leaderboards;

/// <summary>A ranked board, or a page of it.</summary>
/// <param name="Benchmark">Name of the benchmark.</param>
/// <param name="Version">Version of the benchmark; no other version's results are on this board.</param>
/// <param name="Metric">The metric that ranks.</param>
/// <param name="HigherIsBetter">True where the largest value comes first.</param>
/// <param name="Entries">The ranked lines, best first.</param>
/// <param name="Next">Cursor of the next page; null on the last.</param>
public sealed record LeaderboardPage(
    string Benchmark,
    string Version,
    string Metric,
    bool HigherIsBetter,
    IReadOnlyList<LeaderboardEntry> Entries,
    string? Next);

/// <summary>One ranked line: the best result of a model.</summary>
/// <param name="Rank">Its place; ties share it (1, 2, 2, 4), the earlier result first.</param>
/// <param name="ModelName">What the board calls the model.</param>
/// <param name="Value">Value of the metric, a fraction in [0, 1].</param>
/// <param name="Kind"><c>verified</c> (measured here) or <c>reported</c> (claimed elsewhere).</param>
/// <param name="Interval">Lower and upper end of the 95 % confidence interval; null where there is none.</param>
/// <param name="Claimed">
/// The figure that the submitter of a verified result claimed; without one, that of the reported result of the same
/// paper and model.
/// </param>
/// <param name="UsesAdditionalData">True where training saw data beyond the benchmark's own training set.</param>
/// <param name="Parameters">Number of trainable numbers in the network, where known.</param>
/// <param name="Paper">Its paper, where it has one.</param>
/// <param name="CodeUrl">Where its code is.</param>
/// <param name="Date">Date of the result: of its paper, or of its submission.</param>
/// <param name="Evaluation">Id of the evaluation that measured it; null for a reported result.</param>
/// <param name="SourceUrl">Where a reported figure was read: an address, or a text that names the place.</param>
/// <param name="Note">What this figure's protocol does differently.</param>
/// <param name="Submitter">Who submitted it; null where a reported figure is the catalogue's.</param>
/// <param name="EvalTransform">The submitter's own transform; null: the benchmark's.</param>
/// <param name="Precision">
/// Element type of a verified result's forward pass: <c>float32</c> or <c>bfloat16</c>; null for a reported result.
/// </param>
/// <param name="Split">
/// The split that a verified result was scored on, where its protocol learns on another: <c>test</c>, <c>val</c>, or
/// <c>test+val</c> of an average over realms that were not all scored on one.
/// </param>
/// <param name="ProtocolDeviation">
/// What a reported figure's protocol does that the board's does not, in a word, for example <c>tunes_backbone</c> or
/// <c>ensemble</c>; the note says more. Null where none is known.
/// </param>
/// <param name="IntervalMethod">
/// How the interval was made: <c>wilson</c> for a proportion, <c>stratified_wilson</c> for a mean of proportions,
/// <c>t_over_draws</c> for a mean over draws, by Student's distribution, <c>bootstrap_1000_seed_0</c> for a calibration
/// error; null where there is none, or where a source does not say.
/// </param>
/// <param name="TiedWithFirst">
/// False where the difference to the board's first row is significant at 0.05, Holm-corrected over the board's first
/// 1,000 rows as filtered; true where it is not, and for the first row itself; null where either has no counts, and
/// beyond those rows. The test of two measured top-1 accuracies is McNemar's, exact and two-sided, image by image;
/// of two measured means over realms or classes it is normal, by the variance of each one's paired difference;
/// otherwise it is whether Newcombe's interval of the difference of two proportions excludes zero, where a reported
/// figure counts as measured on the benchmark's <c>sample_count</c>.
/// </param>
/// <param name="Result">Id of the result, for <c>GET /results/{id}</c> and its history.</param>
/// <param name="DifferencePp">Measured less claimed, in percentage points; null where nothing was claimed.</param>
/// <param name="ClaimedResult">
/// Id of the reported result that <c>claimed</c> is of; null where the submitter claimed it.
/// </param>
public sealed record LeaderboardEntry(
    long Rank,
    string ModelName,
    double Value,
    string Kind,
    IReadOnlyList<double>? Interval,
    double? Claimed,
    bool UsesAdditionalData,
    long? Parameters,
    LeaderboardPaper? Paper,
    string? CodeUrl,
    DateOnly Date,
    Guid? Evaluation,
    string? SourceUrl,
    string? Note,
    string? Submitter,
    EvalTransform? EvalTransform,
    string? Precision,
    string? Split,
    string? ProtocolDeviation,
    string? IntervalMethod,
    bool? TiedWithFirst,
    Guid Result,
    double? DifferencePp,
    Guid? ClaimedResult);

/// <summary>The paper behind a result.</summary>
/// <param name="Id">Id of the paper, for example <c>arxiv:2009.07995</c>.</param>
/// <param name="Title">Its title; null where the catalogue does not hold it.</param>
/// <param name="Url">Its address; null where the catalogue does not hold it.</param>
public sealed record LeaderboardPaper(string Id, string? Title, string? Url);
