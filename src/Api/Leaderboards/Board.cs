using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Leaderboard.Shared;
using Microsoft.Net.Http.Headers;

namespace Leaderboard.Api.Leaderboards;

/// <summary>A benchmark version's boards, and which state of them.</summary>
/// <param name="BenchmarkId">Id of the benchmark version.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Revision">Counts the changes of its boards.</param>
/// <param name="ChangedAt">When the last change was.</param>
/// <param name="ReadAt">When this was read, by the same clock.</param>
internal sealed record Board(
    Guid BenchmarkId, string Name, string Version, long Revision, DateTime ChangedAt, DateTime ReadAt)
{
    // Another build may write the same board otherwise.
    private static readonly Guid Build = Assembly.GetExecutingAssembly().ManifestModule.ModuleVersionId;

    /// <summary>
    /// The second by whose end it last changed, so that a later change has a later one; null until that second is over.
    /// </summary>
    public DateTimeOffset? LastModified
    {
        get
        {
            var seconds = (ChangedAt.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
            var end = new DateTimeOffset(seconds * TimeSpan.TicksPerSecond, TimeSpan.Zero);
            return end <= ReadAt ? end : null;
        }
    }

    /// <summary>Names something that is read of this state of the boards, whatever says what it is.</summary>
    public string Key(string what, params IEnumerable<object?> details) =>
        $"{what} {BenchmarkId:N} {Revision} {JsonSerializer.Serialize(details, LeaderboardJson.Options)}";

    /// <summary>The strong validator of a representation with this key.</summary>
    public static EntityTagHeaderValue Tag(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Build} {key}"));
        return new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash.AsSpan(0, 16))}\"");
    }
}
