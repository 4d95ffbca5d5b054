using System.Runtime.ExceptionServices;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Checkpoints;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Leaderboard.Api.Uploads;

/// <summary>
/// Appends the body of a request to an upload, and makes a checkpoint of it with the last byte. Whatever ends a
/// request, the bytes that came are kept, unless they had a checksum that they do not fit, or cannot be compared with any more.
/// </summary>
internal sealed class UploadReceiver(
    NpgsqlDataSource db,
    UploadFolder folder,
    UploadFinish finish,
    RunningDigests digests,
    IHostApplicationLifetime host,
    TimeProvider time,
    IOptions<UploadOptions> options)
{
    /// <summary>When an upload expires whose last byte comes now.</summary>
    public DateTime NextExpiry => time.GetUtcNow().UtcDateTime + options.Value.Lifetime;

    /// <summary>Appends; the upload as it is afterwards.</summary>
    public async Task<Upload> AppendAsync(Upload upload, long offset, HttpContext http)
    {
        var checksum = AnnouncedChecksum.Of(http.Request);
        await using var lease = await UploadLease.TakeAsync(db, upload.Id, http.RequestAborted)
            ?? throw await WhyNotAsync(upload);
        using var file = await OpenAsync(upload, lease, offset);
        LimitBody(http, upload.Length - offset);
        try
        {
            var broken = await ReceiveAsync(upload, lease, file, http, keepsAsItComes: checksum is null);
            if (checksum is not null)
            {
                // Until they are recorded they do not count, and the next request overwrites them.
                await ThrowIfBrokenAsync(broken, upload, lease);
                await checksum.CheckAsync(http.Request, file.Stream, offset);
            }
            await RecordAsync(upload, lease, file, file.Position);
            await ThrowIfBrokenAsync(broken, upload, lease);
            return await FinishOrWaitAsync(upload, lease, file, Caller.Of(http.User));
        }
        catch (RefusedException refused) when (
            refused.Kind == Problems.CheckpointUnrecognised || refused.Kind == Problems.DigestMismatch)
        {
            // No bytes that could follow would make a checkpoint of it.
            await db.EndUploadAsync(upload.Id, time.GetUtcNow().UtcDateTime, CancellationToken.None);
            folder.Remove(upload.Id);
            throw;
        }
        catch (RefusedException refused) when (refused.Kind == Problems.ServerStopping)
        {
            Shutdown.BreakAfterAnswer(http);
            throw;
        }
        catch (IOException exception) when (CheckpointStore.IsFull(exception))
        {
            throw Problems.StorageFull.Because("What counts already stays until the upload expires. Go on later.");
        }
    }

    /// <summary>
    /// Appends what came with the request that begins an upload. It ends where its client does not learn where to go on, so that
    /// it holds no room until it expires.
    /// </summary>
    public async Task<Upload> AppendFirstAsync(Upload upload, HttpContext http)
    {
        try
        {
            return await AppendAsync(upload, offset: 0, http);
        }
        catch (Exception failure)
        {
            var kept = await db.FindUploadAsync(upload.Id, upload.UserId, CancellationToken.None);
            if (failure is RefusedException refused && kept is { Received: > 0, EndedAt: null })
            {
                refused.Location = upload.Address;
            }
            else
            {
                await db.EndUploadAsync(upload.Id, time.GetUtcNow().UtcDateTime, CancellationToken.None);
                folder.Remove(upload.Id);
            }
            throw;
        }
    }

    private async Task<UploadFile> OpenAsync(Upload upload, UploadLease lease, long offset)
    {
        if (offset != lease.Received)
        {
            throw OffsetMismatch(lease.Received);
        }
        // It may still be open in a request that has lost its lease by a pause, and has not noticed yet.
        var file = new UploadFile(folder.Open(upload.Id) ?? throw Locked(), digests.Take(upload.Id, offset));
        if (file.TryGoTo(offset))
        {
            return file;
        }
        // A disk that forgot what it had confirmed, or a checkpoint that could be neither recorded nor taken back.
        var there = file.Stream.Length;
        file.Dispose();
        await lease.RecordAsync(there, NextExpiry);
        throw OffsetMismatch(there);
    }

    private static void LimitBody(HttpContext http, long room)
    {
        if (http.Request.ContentLength > room)
        {
            throw Problems.BodyTooLarge.Because($"The upload has room for {room} more bytes.");
        }
        // One of unknown length is counted as it comes; the server itself would count the framing of its chunks too.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
    }

    private async Task<ExceptionDispatchInfo?> ReceiveAsync(
        Upload upload, UploadLease lease, UploadFile file, HttpContext http, bool keepsAsItComes)
    {
        var body = http.Request.BodyReader;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, host.ApplicationStopping);
        await using var ends = ending.Token.Register(body.CancelPendingRead);
        return await file.AppendAsync(
            body,
            upload.Length,
            position => keepsAsItComes
                ? Task.Run(() => RecordAsync(upload, lease, file, position))
                : Task.CompletedTask);
    }

    private async Task RecordAsync(Upload upload, UploadLease lease, UploadFile file, long position)
    {
        if (position >= Math.Min(CheckpointFormat.SniffLength, upload.Length))
        {
            file.Recognise();
        }
        file.Sync();
        // Clients take an offset at the end for success, so the last byte counts with the checkpoint and no sooner.
        if (!await lease.RecordAsync(Math.Min(position, upload.Length - 1), NextExpiry))
        {
            throw await WhyNotAsync(upload);
        }
    }

    private async Task<Upload> FinishOrWaitAsync(Upload upload, UploadLease lease, UploadFile file, Caller caller)
    {
        if (file.Position == upload.Length)
        {
            var sha256 = await finish.TryFinishAsync(upload, lease, file, caller) ?? throw await WhyNotAsync(upload);
            return upload with { Received = upload.Length, CheckpointSha256 = sha256 };
        }
        if (file.Digest is { } digest)
        {
            digests.Keep(upload.Id, digest);
        }
        return upload with { Received = lease.Received, ExpiresAt = NextExpiry };
    }

    private async Task ThrowIfBrokenAsync(ExceptionDispatchInfo? broken, Upload upload, UploadLease lease)
    {
        if (broken is not null && lease.Lost.IsCancellationRequested)
        {
            throw await WhyNotAsync(upload);
        }
        if (broken is not null && host.ApplicationStopping.IsCancellationRequested)
        {
            throw Problems.ServerStopping.Because($"The upload stands at {lease.Received}. Go on in a moment.");
        }
        broken?.Throw();
    }

    // Why this request may not write, or not any more.
    private async Task<RefusedException> WhyNotAsync(Upload upload)
    {
        var now = Upload.Require(await db.FindUploadAsync(upload.Id, upload.UserId, CancellationToken.None), time);
        return now.CheckpointSha256 is null ? Locked() : OffsetMismatch(now.Length);
    }

    private static RefusedException Locked() =>
        Problems.UploadLocked.Because("Ask where it stands in a moment, and go on there.");

    private static RefusedException OffsetMismatch(long received) =>
        Problems.UploadOffsetMismatch.Because($"The upload stands at {received}.");
}
