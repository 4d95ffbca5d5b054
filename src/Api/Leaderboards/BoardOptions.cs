using System.ComponentModel.DataAnnotations;

namespace Leaderboard.Api.Leaderboards;

/// <summary>How boards are kept in memory, section <c>Boards</c> of the configuration.</summary>
public sealed class BoardOptions
{
    public const string Section = "Boards";

    /// <summary>Room for pages that were read, in bytes, from 1 MB to 100 GB. The default is 64 MB.</summary>
    [Range(1_000_000L, 100_000_000_000L)]
    public long CacheBytes { get; set; } = 64_000_000;
}
