namespace Leaderboard.Shared.Benchmarks;

/// <summary>How a benchmark is referred to: <c>name@version</c>, or <c>name</c> for its latest version.</summary>
public static class BenchmarkReference
{
    public static (string Name, string? Version) Parse(string reference) =>
        reference.Split('@', 2) is [var name, var version] ? (name, version) : (reference, null);
}
