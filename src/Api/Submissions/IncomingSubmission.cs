using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Leaderboard.Api.Checkpoints;
using Leaderboard.Shared;

namespace Leaderboard.Api.Submissions;

/// <summary>A submission that may be accepted: validated, its checkpoint whole on disk.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Wanted">What it asks to be measured.</param>
/// <param name="File">The file part; null where the request names a stored checkpoint.</param>
internal sealed record IncomingSubmission(
    SubmissionRequest Request, WantedEvaluations Wanted, ReceivedCheckpoint? File) : IDisposable
{
    public string CheckpointSha256 => File?.Sha256 ?? Request.Checkpoint!;

    /// <summary>The same for a repeated request, whatever boundary or order its parts have.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        File?.Sha256 + JsonSerializer.Serialize(Request, LeaderboardJson.Options))));

    public void Dispose() => File?.Dispose();
}
