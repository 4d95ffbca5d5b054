using System.ComponentModel.DataAnnotations;

namespace Leaderboard.Api.Hosting;

/// <summary>Limits of uploads, section <c>Uploads</c> of the configuration.</summary>
public sealed class UploadOptions
{
    public const string Section = "Uploads";

    /// <summary>Largest checkpoint in bytes, from 1 to 1 TB. The default is 5,000,000,000.</summary>
    [Range(1L, 1_000_000_000_000L)]
    public long MaxCheckpointBytes { get; set; } = 5_000_000_000;

    /// <summary>How long a resumable upload is kept after the last byte that came, from 1 minute to 30 days. The default
    /// is 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(24);
}
