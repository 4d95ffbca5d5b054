using System.Text.Json.Serialization;

namespace Leaderboard.Evaluator.Worker.Caching;

/// <summary>What is recorded beside a cached file.</summary>
/// <param name="Xxh128">XXH128 of the file, in lower-case hexadecimal: against accidents, not against people.</param>
internal abstract record CacheRecord(string Xxh128)
{
    /// <summary>The length that the file must have, in bytes.</summary>
    [JsonIgnore]
    public abstract long Length { get; }
}
