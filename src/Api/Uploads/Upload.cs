using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Uploads;

/// <summary>A resumable upload as its row has it.</summary>
/// <param name="Id">Id of the upload.</param>
/// <param name="UserId">Whose it is; nobody else sees it.</param>
/// <param name="Length">Bytes of the whole file.</param>
/// <param name="Received">Bytes that are on disk; as many as <c>Length</c> once the checkpoint is recorded.</param>
/// <param name="Metadata">The client's, as it came; null where none did.</param>
/// <param name="Sha256">What the client announced; null where it announced nothing.</param>
/// <param name="CheckpointSha256">The checkpoint that it became; null while it is unfinished.</param>
/// <param name="ExpiresAt">When it is removed unless more bytes come, UTC.</param>
/// <param name="EndedAt">When it was terminated, refused or removed; null while it is there.</param>
internal sealed record Upload(
    Guid Id,
    Guid UserId,
    long Length,
    long Received,
    string? Metadata,
    string? Sha256,
    string? CheckpointSha256,
    DateTime ExpiresAt,
    DateTime? EndedAt)
{
    /// <summary>Where it is.</summary>
    public string Address => $"{Tus.Address}/{Id}";

    /// <summary>The upload, which must still be there.</summary>
    public static Upload Require(Upload? upload, TimeProvider time) => upload switch
    {
        null => throw Problems.UploadUnknown.Because("None of your uploads has this address."),
        { EndedAt: not null } => throw Problems.UploadGone.Because("Begin another upload of the file."),
        _ when upload.ExpiresAt <= time.GetUtcNow().UtcDateTime =>
            throw Problems.UploadGone.Because($"It expired at {upload.ExpiresAt:u}. Begin another upload of the file."),
        _ => upload,
    };
}
