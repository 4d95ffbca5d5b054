namespace Leaderboard.Cli;

// The parts of version 1 of the HTTP contract that this client reads and writes; unknown members are passed over.

internal sealed record NewSubmission(
    string ModelName,
    IReadOnlyList<string> Benchmarks,
    string Sha256,
    string? Architecture,
    string? Weights,
    string Precision,
    string? Paper,
    string? CodeUrl,
    bool UsesAdditionalData,
    string Visibility,
    IReadOnlyList<Claim> Claimed);

internal sealed record Claim(string Benchmark, string Metric, decimal Value);

internal sealed record Submission(string Id, string ModelName, IReadOnlyList<Evaluation> Evaluations)
{
    /// <summary>Those that none was begun in place of.</summary>
    public IEnumerable<Evaluation> Latest => Evaluations.Where(
        evaluation => Evaluations.All(other => other.RerunOf != evaluation.Id));
}

/// <summary>An evaluation as it is answered alone.</summary>
internal sealed record ShownEvaluation(string Id, string Submission, string ModelName, string Benchmark, string State);

internal sealed record Evaluation(
    string Id, string Benchmark, string State, Progress? Progress, IReadOnlyList<Score>? Scores, Failure? Failure,
    string? RerunOf = null)
{
    public bool IsFinished => State is "succeeded" or "failed" or "cancelled";

    /// <summary>Share of the samples that is done, in [0, 1].</summary>
    public double Share => State == "succeeded" ? 1
        : Progress is { Done: var done, Total: > 0 and var total } ? (double)done / total
        : 0;
}

internal sealed record Progress(long Done, long? Total, double? ImagesPerSecond, double? EtaSeconds);

internal sealed record Score(string Metric, double Value, IReadOnlyList<double>? Interval, long? Correct, long? Count);

internal sealed record Failure(string Code, string Message);

internal sealed record Board(
    string Benchmark, string Version, string Metric, bool HigherIsBetter, IReadOnlyList<Entry> Entries, string? Next);

internal sealed record Entry(
    long Rank,
    string ModelName,
    double Value,
    string Kind,
    IReadOnlyList<double>? Interval,
    double? Claimed,
    bool UsesAdditionalData,
    PaperLink? Paper,
    string? Date,
    bool? TiedWithFirst);

internal sealed record PaperLink(string Id, string? Title, string? Url);

internal sealed record Comparison(
    string Benchmark,
    string Version,
    string Metric,
    Compared A,
    Compared B,
    long Count,
    long BothCorrect,
    long OnlyACorrect,
    long OnlyBCorrect,
    long NeitherCorrect,
    double Difference,
    IReadOnlyList<double> Interval,
    string Method,
    double PValue,
    bool Significant);

internal sealed record Compared(string Evaluation, string ModelName, double Value, long Correct);

internal sealed record BenchmarkPage(IReadOnlyList<Benchmark> Items);

internal sealed record Benchmark(string Name, string Version, BenchmarkDefinition Definition);

internal sealed record BenchmarkDefinition(string Protocol, int ClassCount, IReadOnlyList<string> Metrics);

internal sealed record Me(string User, SentApiKey ApiKey, Quotas Quotas);

internal sealed record SentApiKey(string Label, IReadOnlyList<string> Scopes, DateTime? ExpiresAt);

internal sealed record Quotas(
    Quota SubmissionsPerDay, Quota ConcurrentEvaluations, Quota FailedEvaluationsPerDay, Quota StoredBytes);

internal sealed record Quota(long? Limit, long Used, long? Remaining, DateTime? ResetsAt);

/// <summary>RFC 9457, with the stable code and the errors per field.</summary>
internal sealed record Problem(
    string? Title, string? Code, string? Detail, IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors);
