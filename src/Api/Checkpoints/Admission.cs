using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Leaderboard.Shared.Checkpoints;
using Microsoft.Extensions.Options;

namespace Leaderboard.Api.Checkpoints;

/// <summary>
/// Decides of a checkpoint that is about to come whether there is room for it. Whoever takes one asks here before the
/// first byte of the body is read, which is when a client that sent <c>Expect: 100-continue</c> begins to send.
/// </summary>
internal sealed class Admission(CheckpointStore store, UserQuotas quotas, IOptions<UploadOptions> options)
{
    public long MaxBytes => options.Value.MaxCheckpointBytes;

    /// <summary>Refuses what is known not to fit.</summary>
    /// <param name="bytes">The announced size; null where none is announced, and the bytes are counted as they
    /// come.</param>
    public void Admit(long? bytes)
    {
        if (bytes > MaxBytes)
        {
            throw TooLarge();
        }
        if (bytes > store.FreeBytes)
        {
            throw NoRoom();
        }
    }

    /// <summary>Refuses what is known not to fit, or to be more than the user may store.</summary>
    /// <param name="caller">The user.</param>
    /// <param name="bytes">As above.</param>
    /// <param name="sha256">The announced digest: what the user has already takes no further room.</param>
    public async Task AdmitAsync(Caller caller, long? bytes, string? sha256, CancellationToken cancellationToken)
    {
        Admit(bytes);
        await quotas.RefuseUploadEarlyAsync(caller, bytes ?? 1, bytes ?? long.MaxValue, sha256, cancellationToken);
    }

    public RefusedException TooLarge() =>
        Problems.CheckpointTooLarge.Because($"A checkpoint has at most {MaxBytes} bytes here. Nothing was kept.");

    public static RefusedException NoRoom() =>
        Problems.StorageFull.Because("Nothing was kept. Tell the operator, or try again later.");
}
