using System.Reflection;

namespace Leaderboard.Api.Hosting;

/// <summary>Every problem that the API answers with. Codes never change their meaning.</summary>
internal static class Problems
{
    public static readonly ProblemKind JsonMalformed = new(400, "json_malformed", "The body is not valid JSON.");
    public static readonly ProblemKind ValidationFailed = new(400, "validation_failed", "A value is not as described.");
    public static readonly ProblemKind RequestMalformed = new(400, "request_malformed", "The request cannot be read.");
    public static readonly ProblemKind MultipartMalformed =
        new(400, "multipart_malformed", "The multipart body is not as described.");
    public static readonly ProblemKind DigestMalformed =
        new(400, "digest_malformed", "A Repr-Digest or Content-Digest field cannot be read.");
    public static readonly ProblemKind ChecksumUnsupported =
        new(400, "checksum_unsupported", "The Upload-Checksum has an algorithm that is not computed here.");
    public static readonly ProblemKind CursorInvalid = new(
        400, "cursor_invalid", "The cursor is not one of this list's.");
    public static readonly ProblemKind TextInvalid =
        new(400, "text_invalid", "A text holds characters that cannot be stored.");

    public static readonly ProblemKind Unauthenticated = new(401, "unauthenticated", "The API key is missing or opens nothing.");
    public static readonly ProblemKind ScopeMissing = new(403, "scope_missing", "The API key lacks a scope.");

    public static readonly ProblemKind RegistrationClosed =
        new(403, "registration_closed", "Users are made by admins alone here.");
    public static readonly ProblemKind OwnerRequired =
        new(403, "owner_required", "Only its submitter or an admin may do this.");

    public static readonly ProblemKind NotFound = new(404, "not_found", "There is nothing at this address.");
    public static readonly ProblemKind BenchmarkUnknown = new(404, "benchmark_unknown", "There is no such benchmark.");
    public static readonly ProblemKind EvaluationTableUnknown =
        new(404, "evaluation_table_unknown", "There is no such evaluation table.");
    public static readonly ProblemKind CheckpointUnknown =
        new(404, "checkpoint_unknown", "There is no such checkpoint that this key may name.");
    public static readonly ProblemKind SubmissionUnknown =
        new(404, "submission_unknown", "There is no such submission that this key may see.");
    public static readonly ProblemKind EvaluationUnknown =
        new(404, "evaluation_unknown", "There is no such evaluation that this key may see.");
    public static readonly ProblemKind WebhookUnknown =
        new(404, "webhook_unknown", "There is no such webhook of this key's user.");

    public static readonly ProblemKind ApiKeyUnknown =
        new(404, "api_key_unknown", "There is no such API key of this user.");
    public static readonly ProblemKind UserUnknown = new(404, "user_unknown", "There is no such user.");
    public static readonly ProblemKind ResultUnknown =
        new(404, "result_unknown", "There is no such result that this key may see.");
    public static readonly ProblemKind UploadUnknown =
        new(404, "upload_unknown", "There is no such upload of this key's user.");

    public static readonly ProblemKind MethodNotAllowed =
        new(405, "method_not_allowed", "The address does not take this method.");

    public static readonly ProblemKind BenchmarkExists =
        new(409, "benchmark_exists", "The benchmark version exists with another definition.");
    public static readonly ProblemKind EvaluationUnfinished =
        new(409, "evaluation_unfinished", "The evaluation has no predictions.");
    public static readonly ProblemKind ResultExists =
        new(409, "result_exists", "The figure has been reported already.");
    public static readonly ProblemKind ResultsTooMany =
        new(409, "results_too_many", "As many of the user's results wait for a moderator as may.");
    public static readonly ProblemKind ResultSettled =
        new(409, "result_settled", "The result is in another state than this takes.");
    public static readonly ProblemKind EvaluationFinished =
        new(409, "evaluation_finished", "The evaluation has ended.");
    public static readonly ProblemKind EvaluationIsPart =
        new(409, "evaluation_is_part", "The evaluation is a part of another.");
    public static readonly ProblemKind RerunUnfinished =
        new(409, "rerun_unfinished", "The evaluation, or a rerun of it, has not ended.");
    public static readonly ProblemKind IdempotencyKeyInFlight =
        new(409, "idempotency_key_in_flight", "A request with this Idempotency-Key is still running.");
    public static readonly ProblemKind WebhooksTooMany =
        new(409, "webhooks_too_many", "The user has as many webhooks as one may have.");

    public static readonly ProblemKind UploadsTooMany =
        new(409, "uploads_too_many", "The user has as many uploads under way as one may have.");

    public static readonly ProblemKind UserExists = new(409, "user_exists", "The name of the user is taken.");
    public static readonly ProblemKind ApiKeyEnded =
        new(409, "api_key_ended", "The API key opens nothing any more, or was replaced before.");
    public static readonly ProblemKind ApiKeysExhausted =
        new(409, "api_keys_exhausted", "The user has as many API keys as they may.");
    public static readonly ProblemKind LastAdminKey =
        new(409, "last_admin_key", "It is the last admin key that never expires.");
    public static readonly ProblemKind UploadOffsetMismatch =
        new(409, "upload_offset_mismatch", "The Upload-Offset is not where the upload stands.");

    public static readonly ProblemKind UploadGone =
        new(410, "upload_gone", "The upload was terminated or refused, or has expired.");

    public static readonly ProblemKind TusVersionUnsupported =
        new(412, "tus_version_unsupported", "Uploads speak tus 1.0.0 alone.");

    public static readonly ProblemKind BodyTooLarge = new(413, "body_too_large", "The body is over the limit.");
    public static readonly ProblemKind CheckpointTooLarge =
        new(413, "checkpoint_too_large", "The checkpoint is over the limit.");

    public static readonly ProblemKind StorageQuotaExceeded =
        new(413, "storage_quota_exceeded", "The user may not store so many bytes.");
    public static readonly ProblemKind AddressTooLong = new(414, "address_too_long", "The address is over the limit.");

    public static readonly ProblemKind MediaTypeUnsupported =
        new(415, "media_type_unsupported", "The body has a media type that is not taken here.");
    public static readonly ProblemKind CheckpointUnrecognised =
        new(415, "checkpoint_unrecognised", "The file is of no checkpoint format that is read here.");

    public static readonly ProblemKind CheckpointEmpty = new(422, "checkpoint_empty", "The checkpoint has no bytes.");
    public static readonly ProblemKind DigestMismatch =
        new(422, "digest_mismatch", "The checkpoint's digest is not the announced one.");
    public static readonly ProblemKind EvaluationsIncomparable =
        new(422, "evaluations_incomparable", "The evaluations were not measured on the same images.");
    public static readonly ProblemKind ResultMeasured =
        new(422, "result_measured", "A measured value is not corrected by hand.");
    public static readonly ProblemKind ProtocolUnsupported =
        new(422, "protocol_unsupported", "The benchmark's protocol is not measured by this version.");
    public static readonly ProblemKind LabelOrderMismatch =
        new(422, "label_order_mismatch", "The benchmark numbers its classes in another order than the checkpoint.");
    public static readonly ProblemKind IdempotencyKeyReused =
        new(422, "idempotency_key_reused", "The Idempotency-Key was used for another request.");

    public static readonly ProblemKind QuotaExceeded =
        new(429, "quota_exceeded", "The user may not have so much evaluated.");
    public static readonly ProblemKind RateLimited = new(429, "rate_limited", "There were too many requests.");
    public static readonly ProblemKind UploadLocked =
        new(423, "upload_locked", "Another request is writing to the upload.");

    public static readonly ProblemKind ChecksumMismatch =
        new(460, "checksum_mismatch", "The bytes are not those that their Upload-Checksum was made of.");

    public static readonly ProblemKind Internal = new(
        500, "internal_error", "The server failed. It is not your fault.");
    public static readonly ProblemKind DatabaseUnavailable =
        new(503, "database_unavailable", "The database does not take the request now.");
    public static readonly ProblemKind ServerStopping =
        new(503, "server_stopping", "The server is about to stop.");
    public static readonly ProblemKind StreamsExhausted = new(
        503, "streams_exhausted", "The server writes as many streams of events as it may.");
    public static readonly ProblemKind StorageFull = new(
        507, "storage_full", "There is no room to store the checkpoint.");

    /// <summary>All of the above.</summary>
    public static readonly IReadOnlyList<ProblemKind> All =
    [
        .. typeof(Problems).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(ProblemKind))
            .Select(field => (ProblemKind)field.GetValue(null)!),
    ];

    /// <summary>The problem of a bare status that the framework answered with.</summary>
    public static ProblemKind OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthenticated,
        StatusCodes.Status403Forbidden => ScopeMissing,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status414UriTooLong => AddressTooLong,
        StatusCodes.Status415UnsupportedMediaType => MediaTypeUnsupported,
        >= 400 and < 500 => RequestMalformed with { Status = status },
        _ => Internal,
    };
}
