using Leaderboard.Api.Benchmarks;

namespace Leaderboard.Api.Submissions;

/// <summary>What a valid request asks to be measured, its names resolved.</summary>
/// <param name="Benchmarks">The benchmarks wanted, in the request's order.</param>
/// <param name="Claims">The figures claimed on them.</param>
internal sealed record WantedEvaluations(
    IReadOnlyList<BenchmarkVersion> Benchmarks, IReadOnlyList<ResolvedClaim> Claims);

/// <summary>A claimed figure of one of the benchmarks wanted.</summary>
internal sealed record ResolvedClaim(Guid BenchmarkId, string Metric, double Value);
