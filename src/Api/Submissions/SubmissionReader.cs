using System.Text.Json;
using Leaderboard.Api.Checkpoints;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace Leaderboard.Api.Submissions;

/// <summary>Reads a submission off the wire in one pass; nothing of a refused one stays.</summary>
internal sealed class SubmissionReader(NpgsqlDataSource db, CheckpointReceiver receiver, Admission admission)
{
    /// <summary>Room for the JSON part and the framing, in bytes.</summary>
    private const int MaxJsonBytes = 1 << 20;

    /// <summary>Bytes that the request's file has at least and at most, as its headers tell; at least 0 where they do
    /// not.</summary>
    public static (long Least, long Most) FileBytes(HttpRequest request) =>
        request.HasJsonContentType() || request.ContentLength is not { } length
            ? (0, 0)
            : (Math.Max(0, length - (2 * MaxJsonBytes)), length);

    public async Task<IncomingSubmission> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (http.Request.HasJsonContentType())
        {
            var request = await ReadJsonAsync(http.Request.Body, cancellationToken);
            return await ValidateNamedAsync(request, cancellationToken);
        }
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || type.MediaType != "multipart/form-data")
        {
            throw Problems.MediaTypeUnsupported.Because("Send multipart/form-data, or application/json.");
        }
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 200)
        {
            throw Problems.MultipartMalformed.Because("The Content-Type has no boundary of 1 to 200 characters.");
        }
        // The file's share of the body is not announced; this is the least that it can be.
        admission.Admit(http.Request.ContentLength - (2 * MaxJsonBytes));
        var limit = admission.MaxBytes + (2 * MaxJsonBytes);
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = limit;
        using var parts = new SubmissionParts(this, db, receiver, new MultipartReader(boundary, http.Request.Body));
        try
        {
            return await parts.ReadAsync(cancellationToken);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw admission.TooLarge();
        }
        catch (Exception exception) when (
            exception is InvalidDataException or IOException and not BadHttpRequestException
            && !http.RequestAborted.IsCancellationRequested)
        {
            throw Problems.MultipartMalformed.Because(exception.Message);
        }
    }

    private async Task<IncomingSubmission> ValidateNamedAsync(
        SubmissionRequest request, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        errors.Require(request.Checkpoint is not null, "checkpoint", "is required where no file is sent");
        errors.Require(
            request.Sha256 is null || request.Sha256 == request.Checkpoint, "sha256", "must be null or as 'checkpoint'");
        errors.ThrowIfAny();
        return new IncomingSubmission(
            request, await SubmissionRules.ValidateAsync(request, db, cancellationToken), File: null);
    }

    private static async Task<SubmissionRequest> ReadJsonAsync(Stream body, CancellationToken cancellationToken)
    {
        var json = new byte[MaxJsonBytes + 1];
        var count = await body.ReadAtLeastAsync(json, json.Length, throwOnEndOfStream: false, cancellationToken);
        if (count > MaxJsonBytes)
        {
            throw Problems.BodyTooLarge.Because($"The submission's JSON has at most {MaxJsonBytes} bytes.");
        }
        try
        {
            return JsonSerializer.Deserialize<SubmissionRequest>(json.AsSpan(0, count), LeaderboardJson.Options)
                ?? throw new JsonException("The submission is null.");
        }
        catch (JsonException exception)
        {
            throw JsonProblems.Of(exception);
        }
    }

    /// <summary>The parts of one request as they come, in either order.</summary>
    private sealed class SubmissionParts(
        SubmissionReader reader, NpgsqlDataSource db, CheckpointReceiver receiver, MultipartReader multipart) : IDisposable
    {
        private SubmissionRequest? request;
        private WantedEvaluations? wanted;
        private ReceivedCheckpoint? file;

        public async Task<IncomingSubmission> ReadAsync(CancellationToken cancellationToken)
        {
            while (await multipart.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                await TakeAsync(part, cancellationToken);
            }
            if (request is null)
            {
                throw Problems.MultipartMalformed.Because("There is no part 'submission'.");
            }
            if (file is null)
            {
                return await reader.ValidateNamedAsync(request, cancellationToken);
            }
            if (request.Sha256 is { } announced && announced != file.Sha256)
            {
                throw Problems.DigestMismatch.Because($"The file's SHA-256 is {file.Sha256}, announced was {announced}.");
            }
            var incoming = new IncomingSubmission(request, wanted!, file);
            file = null;
            return incoming;
        }

        private async Task TakeAsync(MultipartSection part, CancellationToken cancellationToken)
        {
            switch (part.GetContentDispositionHeader()?.Name.Value?.Trim('"'))
            {
                // Read first, a bad submission is refused before its file is sent.
                case "submission" when request is null:
                    request = await ReadJsonAsync(part.Body, cancellationToken);
                    if (file is not null || request.Checkpoint is null)
                    {
                        wanted = await ValidateAsync(request, cancellationToken);
                    }
                    break;
                case "checkpoint" when file is null:
                    if (request?.Checkpoint is not null)
                    {
                        await ValidateAsync(request, cancellationToken);
                    }
                    file = await receiver.ReceiveAsync(part.Body, announced: null, cancellationToken);
                    break;
                case "submission" or "checkpoint":
                    throw Problems.MultipartMalformed.Because("There are two parts of one name.");
                case var name:
                    throw Problems.MultipartMalformed.Because(
                        $"There is a part '{name}'; only 'checkpoint' and 'submission' are expected.");
            }
        }

        private async Task<WantedEvaluations> ValidateAsync(
            SubmissionRequest submission, CancellationToken cancellationToken)
        {
            var errors = new Errors();
            errors.Require(submission.Checkpoint is null, "checkpoint", "must be left out where the file is sent");
            errors.ThrowIfAny();
            return await SubmissionRules.ValidateAsync(submission, db, cancellationToken);
        }

        public void Dispose() => file?.Dispose();
    }
}
