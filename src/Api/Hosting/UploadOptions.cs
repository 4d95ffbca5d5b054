using System.ComponentModel.DataAnnotations;

namespace Leaderboard.Api.Hosting;

/// <summary>Limits of uploads, section <c>Uploads</c> of the configuration.</summary>
public sealed class UploadOptions
{
    public const string Section = "Uploads";

    /// <summary>Largest checkpoint in bytes, from 1 to 1 TB. The default is 5,000,000,000.</summary>
    [Range(1L, 1_000_000_000_000L)]
    public long MaxCheckpointBytes { get; set; } = 5_000_000_000;
}
