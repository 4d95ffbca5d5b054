using System.Security.Claims;
using System.Text.Json;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Leaderboard.Shared;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Checkpoints;

internal static class CheckpointEndpoints
{
    public static void MapCheckpoints(this IEndpointRouteBuilder api)
    {
        var checkpoints = api.MapGroup("/checkpoints").WithTags("Checkpoints");
        checkpoints.MapPost("/", UploadCheckpoint).WithName("UploadCheckpoint")
            .RequireAuthorization(Scopes.Submit)
            .Refuses(
                Problems.RequestMalformed, Problems.DigestMalformed, Problems.DigestMismatch, Problems.CheckpointEmpty,
                Problems.CheckpointTooLarge, Problems.IdempotencyKeyInFlight, Problems.IdempotencyKeyReused,
                Problems.CheckpointUnrecognised, Problems.MediaTypeUnsupported, Problems.StorageFull,
                Problems.StorageQuotaExceeded);
        checkpoints.MapGet("/{sha256}", GetCheckpoint).WithName("GetCheckpoint").Refuses(Problems.CheckpointUnknown);
    }

    /// <summary>Uploads a checkpoint.</summary>
    /// <remarks>
    /// The body is the file. <c>Repr-Digest</c> and <c>Content-Digest</c> (RFC 9530, <c>sha-256</c> and <c>sha-512</c>)
    /// are checked where they are sent. The answer is 201, or 200 where this user has uploaded the same bytes before. A
    /// submission then names the checkpoint by its SHA-256. With <c>Expect: 100-continue</c>, what is refused whatever
    /// the body holds is refused before it is sent. With an <c>Idempotency-Key</c>, a repeated request gets the first
    /// one's answer. Large files are better sent to <c>/uploads</c>, which goes on after a broken connection.
    /// </remarks>
    internal static async Task<Results<Created<Checkpoint>, Ok<Checkpoint>, ContentHttpResult>> UploadCheckpoint(
        HttpContext http,
        CheckpointReceiver receiver,
        Admission admission,
        NpgsqlDataSource db,
        WorkQueues queues,
        UserQuotas quotas,
        CancellationToken cancellationToken)
    {
        var announced = AnnouncedDigests.Of(http.Request.Headers);
        RefuseCodings(http.Request);
        var caller = Caller.Of(http.User);
        await using var key = await IdempotencyKey.TakeAsync(
            http.Request, db, Caller.UserIdOf(http.User), cancellationToken);
        if (key?.Earlier is null)
        {
            await admission.AdmitAsync(caller, http.Request.ContentLength, announced.Sha256, cancellationToken);
        }
        else
        {
            admission.Admit(http.Request.ContentLength);
        }
        // Counted while it is read.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        using var received = await receiver.ReceiveAsync(http.Request.Body, announced, cancellationToken);
        if (key?.Earlier?.AnswerAgain(http, CheckpointQueries.FingerprintOf(received)) is { } again)
        {
            return again;
        }
        var recorded = await db.AddCheckpointAsync(received, caller, quotas, key, cancellationToken);
        if (recorded.IsNew)
        {
            await queues.EnqueueInspectionsAsync([received.Sha256], cancellationToken);
        }
        var checkpoint = await GetCheckpoint(received.Sha256, db, http.User, cancellationToken);
        var location = $"/api/v1/checkpoints/{received.Sha256}";
        if (key is not null)
        {
            await key.KeepAnswerAsync(recorded.IsNewToUser ? 201 : 200, location, checkpoint.Value);
        }
        if (recorded.IsNewToUser)
        {
            return TypedResults.Created(location, checkpoint.Value);
        }
        http.Response.Headers.Location = location;
        return checkpoint;
    }

    /// <summary>Shows what is known of a checkpoint.</summary>
    /// <remarks>
    /// Seen by those who uploaded it, by admins, and by everybody once a public submission uses it. The report, with
    /// the tensor names and what each was loaded as, is there once <c>inspection</c> is <c>done</c>.
    /// </remarks>
    /// <param name="sha256">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
    internal static async Task<Ok<Checkpoint>> GetCheckpoint(
        string sha256, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var row = await db.FindCheckpointAsync(sha256, Caller.Of(user), cancellationToken)
            ?? throw Problems.CheckpointUnknown.Because("No checkpoint of this SHA-256 may be seen with this key.");
        return TypedResults.Ok(new Checkpoint(
            row.Sha256, row.Size, row.Format, row.Inspection, row.CreatedAt,
            Read<CheckpointInspection>(row.InspectionReport), Read<Failure>(row.InspectionFailure)));
    }

    // The digest names the bytes of the file, not those of a coding.
    private static void RefuseCodings(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is not ([] or ["identity"]) and var codings)
        {
            throw Problems.MediaTypeUnsupported.Because($"Send the file without Content-Encoding '{codings}'.");
        }
    }

    private static T? Read<T>(string? json)
        where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, LeaderboardJson.Options);
}

/// <summary>A stored checkpoint.</summary>
/// <param name="Sha256">SHA-256 of the file in lower-case hexadecimal, which is its name.</param>
/// <param name="Size">Size of the file in bytes.</param>
/// <param name="Format">What its first bytes say: <c>safetensors</c>, <c>torch_zip</c> (a zip of
/// <c>torch.save</c> or TorchScript, or of weights in several files), <c>torch_legacy</c> or <c>onnx</c>.</param>
/// <param name="Inspection">How far a sandboxed look into the file is: <c>pending</c>, <c>done</c> or
/// <c>failed</c>.</param>
/// <param name="CreatedAt">When it was stored, by this user where it is theirs, UTC.</param>
/// <param name="Report">What was found in the file; null until <c>done</c>.</param>
/// <param name="Failure">Why the file cannot be used; null unless <c>failed</c>.</param>
public sealed record Checkpoint(
    string Sha256,
    long Size,
    string Format,
    string Inspection,
    DateTime CreatedAt,
    CheckpointInspection? Report,
    Failure? Failure);
