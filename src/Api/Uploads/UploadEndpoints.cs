using System.Globalization;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Checkpoints;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Leaderboard.Shared.Checkpoints;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Uploads;

internal static class UploadEndpoints
{
    public static void AddUploads(this IServiceCollection services)
    {
        services.AddSingleton<UploadFolder>();
        services.AddSingleton<RunningDigests>();
        services.AddSingleton<UploadFinish>();
        services.AddSingleton<UploadReceiver>();
        services.AddHostedService<UploadCleaner>();
    }

    public static void MapUploads(this IEndpointRouteBuilder api)
    {
        var open = api.MapGroup("/uploads").WithTags("Uploads");
        open.MapMethods("/", [HttpMethods.Options], DescribeUploads).WithName("DescribeUploads");
        open.MapMethods("/{id:guid}", [HttpMethods.Options], DescribeUploads).ExcludeFromDescription();

        var uploads = api.MapGroup("/uploads").WithTags("Uploads")
            .RequireAuthorization(Scopes.Submit).AddEndpointFilter(Tus.RequireVersionAsync);
        ProblemKind[] ofBodies =
        [
            Problems.RequestMalformed, Problems.ChecksumUnsupported, Problems.TusVersionUnsupported,
            Problems.BodyTooLarge, Problems.MediaTypeUnsupported, Problems.CheckpointUnrecognised, Problems.DigestMismatch,
            Problems.ChecksumMismatch, Problems.ServerStopping, Problems.StorageFull, Problems.StorageQuotaExceeded,
        ];
        uploads.MapPost("/", CreateUpload).WithName("CreateUpload")
            .Refuses([.. ofBodies, Problems.CheckpointTooLarge, Problems.CheckpointEmpty, Problems.UploadsTooMany]);
        uploads.MapMethods("/{id:guid}", [HttpMethods.Head], GetUploadOffset).WithName("GetUploadOffset")
            .Refuses(Problems.UploadUnknown, Problems.UploadGone, Problems.TusVersionUnsupported);
        uploads.MapPatch("/{id:guid}", AppendToUpload).WithName("AppendToUpload")
            .Refuses([
                .. ofBodies, Problems.UploadUnknown, Problems.UploadGone, Problems.UploadOffsetMismatch,
                Problems.UploadLocked]);
        uploads.MapDelete("/{id:guid}", TerminateUpload).WithName("TerminateUpload")
            .Refuses(Problems.UploadUnknown, Problems.UploadGone, Problems.TusVersionUnsupported);
    }

    /// <summary>Tells what of tus 1.0 is spoken here.</summary>
    /// <remarks>
    /// Resumable uploads are those of https://tus.io/protocols/resumable-upload: create one, append to it with as many
    /// requests as it takes, ask where it stands after a broken connection. The last request's answer names the
    /// checkpoint in <c>Checkpoint-Sha256</c>, and a submission names it by that.
    /// </remarks>
    internal static NoContent DescribeUploads(HttpContext http, Admission admission)
    {
        var headers = http.Response.Headers;
        headers["Tus-Version"] = Tus.Version;
        headers["Tus-Extension"] = Tus.Extensions;
        headers["Tus-Max-Size"] = Text(admission.MaxBytes);
        headers["Tus-Checksum-Algorithm"] = UploadChecksum.Algorithms;
        return TypedResults.NoContent();
    }

    /// <summary>Begins a resumable upload.</summary>
    /// <remarks>
    /// <c>Location</c> in the answer is the upload's address, <c>Upload-Expires</c> when it is removed unless bytes
    /// come. A body, of type <c>application/offset+octet-stream</c>, is its first bytes. Where they are refused and some of them
    /// kept, the refusal has the <c>Location</c> too; else there is no upload. A user has at most 100 under way.
    /// </remarks>
    internal static async Task<Created> CreateUpload(
        HttpContext http,
        Admission admission,
        UploadReceiver receiver,
        NpgsqlDataSource db,
        UserQuotas quotas,
        CancellationToken cancellationToken)
    {
        var request = http.Request;
        if (request.Headers.ContainsKey("Upload-Defer-Length") || request.Headers.ContainsKey("Upload-Concat"))
        {
            throw Problems.RequestMalformed.Because(
                "Neither Upload-Defer-Length nor Upload-Concat is spoken here: send the whole file's Upload-Length.");
        }
        var length = Tus.Bytes(request, "Upload-Length");
        var metadata = UploadMetadata.Of(request.Headers);
        if (length == 0)
        {
            throw Problems.CheckpointEmpty.Because("The upload has no bytes. Is it the right file?");
        }
        admission.Admit(length);
        var hasBody = http.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody
            && request.ContentLength is not 0;
        if (hasBody)
        {
            RequireChunk(request);
        }

        var upload = await db.AddUploadAsync(
            Caller.Of(http.User), quotas, length, metadata, receiver.NextExpiry, cancellationToken);
        if (hasBody)
        {
            upload = await receiver.AppendFirstAsync(upload, http);
            http.Response.Headers["Upload-Offset"] = Text(upload.Received);
        }
        Describe(upload, http.Response.Headers);
        return TypedResults.Created(upload.Address);
    }

    /// <summary>Tells where an upload stands.</summary>
    /// <remarks>
    /// <c>Upload-Offset</c> is the number of bytes that are kept, and where to go on. Of a finished upload it is
    /// <c>Upload-Length</c>, with the checkpoint in <c>Checkpoint-Sha256</c>.
    /// </remarks>
    /// <param name="id">Id of the upload.</param>
    internal static async Task<Ok> GetUploadOffset(
        Guid id, HttpContext http, NpgsqlDataSource db, TimeProvider time, CancellationToken cancellationToken)
    {
        var upload = await FindAsync(id, http, db, time, cancellationToken);
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers["Upload-Offset"] = Text(upload.Received);
        headers["Upload-Length"] = Text(upload.Length);
        if (upload.Metadata is { } metadata)
        {
            headers["Upload-Metadata"] = metadata;
        }
        Describe(upload, headers);
        return TypedResults.Ok();
    }

    /// <summary>Appends bytes to an upload.</summary>
    /// <remarks>
    /// What comes before a connection breaks is kept. With <c>Upload-Checksum</c>, as a header or a trailer, all of the
    /// body counts or nothing does. The request that brings the last byte makes the checkpoint, exactly as
    /// <c>POST /checkpoints</c> would: its answer has <c>Checkpoint-Sha256</c>, or is that refusal, and then the upload
    /// is gone.
    /// </remarks>
    /// <param name="id">Id of the upload.</param>
    internal static async Task<NoContent> AppendToUpload(
        Guid id,
        HttpContext http,
        UploadReceiver receiver,
        NpgsqlDataSource db,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var offset = Tus.Bytes(http.Request, "Upload-Offset");
        var upload = await FindAsync(id, http, db, time, cancellationToken);
        RequireChunk(http.Request);
        // The answer to the last bytes may have been lost: whoever asks again without any gets it again.
        var isAskedAgain =
            upload.CheckpointSha256 is not null && offset == upload.Length && http.Request.ContentLength is 0;
        if (!isAskedAgain)
        {
            upload = await receiver.AppendAsync(upload, offset, http);
        }
        http.Response.Headers["Upload-Offset"] = Text(upload.Received);
        Describe(upload, http.Response.Headers);
        return TypedResults.NoContent();
    }

    /// <summary>Terminates an upload.</summary>
    /// <remarks>Its bytes are removed at once, and a request that still appends is ended. A checkpoint that it has
    /// become stays.</remarks>
    /// <param name="id">Id of the upload.</param>
    internal static async Task<NoContent> TerminateUpload(
        Guid id,
        HttpContext http,
        UploadFolder folder,
        NpgsqlDataSource db,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var upload = await FindAsync(id, http, db, time, cancellationToken);
        await db.EndUploadAsync(upload.Id, time.GetUtcNow().UtcDateTime, cancellationToken);
        folder.Remove(upload.Id);
        return TypedResults.NoContent();
    }

    private static async Task<Upload> FindAsync(
        Guid id, HttpContext http, NpgsqlDataSource db, TimeProvider time, CancellationToken cancellationToken) =>
        Upload.Require(await db.FindUploadAsync(id, Caller.UserIdOf(http.User), cancellationToken), time);

    private static void RequireChunk(HttpRequest request)
    {
        if (request.ContentType != Tus.ChunkType)
        {
            throw Problems.MediaTypeUnsupported.Because($"Bytes of an upload have the type {Tus.ChunkType}.");
        }
    }

    private static void Describe(Upload upload, IHeaderDictionary headers)
    {
        if (upload.CheckpointSha256 is { } sha256)
        {
            headers["Checkpoint-Sha256"] = sha256;
        }
        else
        {
            headers["Upload-Expires"] = upload.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
