namespace Leaderboard.Api.Results;

/// <summary>A figure that a board ranks, ranked once, or waits to.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Benchmark">Name of the benchmark.</param>
/// <param name="Version">Version of the benchmark.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Value">Its value, a fraction in [0, 1].</param>
/// <param name="Interval">Lower and upper end of the 95 % confidence interval; null where there is none.</param>
/// <param name="Kind"><c>verified</c> (measured here) or <c>reported</c> (claimed elsewhere).</param>
/// <param name="State">
/// <c>pending</c> until a moderator decides (what is reported, and what is measured again after a moderator withdrew
/// it), <c>accepted</c>, <c>rejected</c>; <c>withdrawn</c> where it was taken off its board, also for the figure in
/// <c>corrected_by</c>.
/// </param>
/// <param name="Reason">Why it was rejected, corrected or withdrawn last; null where nobody said.</param>
/// <param name="ModelName">What the board calls the model.</param>
/// <param name="Submitter">Who submitted it; null where a reported figure is the catalogue's.</param>
/// <param name="Claimed">The figure that the submitter of a verified result claimed.</param>
/// <param name="DifferencePp">Measured less claimed, in percentage points; null where nothing was claimed.</param>
/// <param name="Paper">Id of its paper, for example <c>arxiv:2009.07995</c>.</param>
/// <param name="CodeUrl">Where its code is.</param>
/// <param name="SourceUrl">Where a reported figure was read: an address, or a text that names the place.</param>
/// <param name="Note">What this figure's protocol does differently.</param>
/// <param name="ProtocolDeviation">The same in a word, where it deviates from the board's protocol.</param>
/// <param name="UsesAdditionalData">True where training saw data beyond the benchmark's own training set.</param>
/// <param name="Parameters">Number of trainable numbers in the network, where known.</param>
/// <param name="Date">Date of the result: of its paper, or of its submission.</param>
/// <param name="Evaluation">Id of the evaluation that measured it; null for a reported result.</param>
/// <param name="Visibility"><c>public</c>, or <c>private</c>: seen by its submitter and admins alone.</param>
/// <param name="RecordedAt">
/// Since when it counts: measured, or accepted; of a pending one, when it was submitted. UTC.
/// </param>
/// <param name="WithdrawnAt">When it was withdrawn, UTC.</param>
/// <param name="Corrects">Id of the result whose place it took.</param>
/// <param name="CorrectedBy">Id of the result that took its place.</param>
public sealed record Result(
    Guid Id,
    string Benchmark,
    string Version,
    string Metric,
    double Value,
    IReadOnlyList<double>? Interval,
    string Kind,
    string State,
    string? Reason,
    string ModelName,
    string? Submitter,
    double? Claimed,
    double? DifferencePp,
    string? Paper,
    string? CodeUrl,
    string? SourceUrl,
    string? Note,
    string? ProtocolDeviation,
    bool UsesAdditionalData,
    long? Parameters,
    DateOnly Date,
    Guid? Evaluation,
    string Visibility,
    DateTime RecordedAt,
    DateTime? WithdrawnAt,
    Guid? Corrects,
    Guid? CorrectedBy);

/// <summary>Reports a figure that was published elsewhere.</summary>
/// <param name="Benchmark">The benchmark: <c>name</c> (its latest version) or <c>name@version</c>.</param>
/// <param name="Metric">One of the benchmark's metrics.</param>
/// <param name="Value">The figure as a fraction in [0, 1].</param>
/// <param name="ModelName">What the board is to call the model, 1 to 200 characters.</param>
/// <param name="SourceUrl">Where the figure can be read, an http or https URL.</param>
/// <param name="Paper">Its paper: <c>arxiv:</c> and a number, or another id of the catalogue.</param>
/// <param name="CodeUrl">Where its code is, an http or https URL.</param>
/// <param name="Note">What a reader should know of it: the table and row, what its protocol does differently.</param>
/// <param name="UsesAdditionalData">True where training saw data beyond the benchmark's own training set.</param>
/// <param name="Date">When it was published; by default the date of its paper, or today.</param>
/// <param name="Parameters">Number of trainable numbers in the network.</param>
/// <param name="ProtocolDeviation">
/// What its protocol does that the board's does not, in a word, for example <c>ensemble</c>; 1 to 50 characters.
/// </param>
public sealed record ResultRequest(
    string Benchmark,
    string Metric,
    double Value,
    string ModelName,
    string SourceUrl,
    string? Paper = null,
    string? CodeUrl = null,
    string? Note = null,
    bool UsesAdditionalData = false,
    DateOnly? Date = null,
    long? Parameters = null,
    string? ProtocolDeviation = null);

/// <summary>Says why.</summary>
/// <param name="Reason">Why, 1 to 1,000 characters; it is shown in the result's history.</param>
public sealed record ReasonRequest(string Reason);

/// <summary>Accepts a result.</summary>
/// <param name="Reason">Why, at most 1,000 characters; it is shown in the result's history.</param>
public sealed record AcceptRequest(string? Reason = null);

/// <summary>Corrects a reported result; what is null stays as it was, and something must not be.</summary>
/// <param name="Reason">Why, 1 to 1,000 characters; it is shown in the result's history.</param>
/// <param name="Value">The figure as a fraction in [0, 1].</param>
/// <param name="SourceUrl">Where the corrected figure can be read, an http or https URL.</param>
/// <param name="ModelName">What the board is to call the model, 1 to 200 characters.</param>
/// <param name="Paper">Its paper: <c>arxiv:</c> and a number, or another id of the catalogue.</param>
/// <param name="CodeUrl">Where its code is, an http or https URL.</param>
/// <param name="Note">What a reader should know of it.</param>
/// <param name="UsesAdditionalData">True where training saw data beyond the benchmark's own training set.</param>
/// <param name="Date">When it was published.</param>
/// <param name="Parameters">Number of trainable numbers in the network.</param>
/// <param name="ProtocolDeviation">What its protocol does that the board's does not, in a word.</param>
public sealed record CorrectionRequest(
    string Reason,
    double? Value = null,
    string? SourceUrl = null,
    string? ModelName = null,
    string? Paper = null,
    string? CodeUrl = null,
    string? Note = null,
    bool? UsesAdditionalData = null,
    DateOnly? Date = null,
    long? Parameters = null,
    string? ProtocolDeviation = null);

/// <summary>All that happened to a result, and to those it took the place of and gave its place to.</summary>
/// <param name="Result">Id of the result.</param>
/// <param name="Events">What happened, the first first. None is ever changed or removed.</param>
public sealed record ResultHistory(Guid Result, IReadOnlyList<ResultEvent> Events);

/// <summary>Something that happened to a result.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Event">
/// <c>submitted</c> (waits for a moderator), <c>accepted</c>, <c>rejected</c>, <c>recorded</c> (measured, corrected, or
/// loaded from the catalogue), <c>corrected</c> (another result took its place), <c>withdrawn</c>, <c>made_private</c>,
/// <c>made_public</c>.
/// </param>
/// <param name="Result">Id of the result that it happened to.</param>
/// <param name="Value">Value of that result.</param>
/// <param name="User">Who did it; null where this software did.</param>
/// <param name="Reason">Why, where it was said.</param>
/// <param name="CorrectedBy">Id of the result that took its place, of a correction.</param>
public sealed record ResultEvent(
    DateTime At, string Event, Guid Result, double Value, string? User, string? Reason, Guid? CorrectedBy);
