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
        new(400, "digest_malformed", "The Repr-Digest field cannot be read.");
    public static readonly ProblemKind CursorInvalid = new(
        400, "cursor_invalid", "The cursor is not one of this list's.");
    public static readonly ProblemKind TextInvalid =
        new(400, "text_invalid", "A text holds characters that cannot be stored.");

    public static readonly ProblemKind Unauthenticated = new(401, "unauthenticated", "An API key is needed.");
    public static readonly ProblemKind ScopeMissing = new(403, "scope_missing", "The API key lacks a scope.");

    public static readonly ProblemKind OwnerRequired =
        new(403, "owner_required", "Only its submitter or an admin may do this.");

    public static readonly ProblemKind NotFound = new(404, "not_found", "There is nothing at this address.");
    public static readonly ProblemKind BenchmarkUnknown = new(404, "benchmark_unknown", "There is no such benchmark.");
    public static readonly ProblemKind CheckpointUnknown =
        new(404, "checkpoint_unknown", "There is no such checkpoint that this key may name.");
    public static readonly ProblemKind SubmissionUnknown =
        new(404, "submission_unknown", "There is no such submission that this key may see.");
    public static readonly ProblemKind EvaluationUnknown =
        new(404, "evaluation_unknown", "There is no such evaluation that this key may see.");
    public static readonly ProblemKind WebhookUnknown =
        new(404, "webhook_unknown", "There is no such webhook of this key's user.");

    public static readonly ProblemKind MethodNotAllowed =
        new(405, "method_not_allowed", "The address does not take this method.");

    public static readonly ProblemKind BenchmarkExists =
        new(409, "benchmark_exists", "The benchmark version exists with another definition.");
    public static readonly ProblemKind EvaluationUnfinished =
        new(409, "evaluation_unfinished", "The evaluation has no predictions.");
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

    public static readonly ProblemKind BodyTooLarge = new(413, "body_too_large", "The body is over the limit.");
    public static readonly ProblemKind CheckpointTooLarge =
        new(413, "checkpoint_too_large", "The checkpoint is over the limit.");

    public static readonly ProblemKind MediaTypeUnsupported =
        new(415, "media_type_unsupported", "The body has a media type that is not taken here.");
    public static readonly ProblemKind CheckpointUnrecognised =
        new(415, "checkpoint_unrecognised", "The file is of no checkpoint format that is read here.");

    public static readonly ProblemKind CheckpointEmpty = new(422, "checkpoint_empty", "The checkpoint has no bytes.");
    public static readonly ProblemKind DigestMismatch =
        new(422, "digest_mismatch", "The checkpoint's SHA-256 is not the announced one.");
    public static readonly ProblemKind EvaluationsIncomparable =
        new(422, "evaluations_incomparable", "The evaluations were not measured on the same images.");
    public static readonly ProblemKind ProtocolUnsupported =
        new(422, "protocol_unsupported", "The benchmark's protocol is not measured by this version.");
    public static readonly ProblemKind LabelOrderMismatch =
        new(422, "label_order_mismatch", "The benchmark numbers its classes in another order than the checkpoint.");
    public static readonly ProblemKind IdempotencyKeyReused =
        new(422, "idempotency_key_reused", "The Idempotency-Key was used for another request.");

    public static readonly ProblemKind Internal = new(
        500, "internal_error", "The server failed. It is not your fault.");
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
        StatusCodes.Status415UnsupportedMediaType => MediaTypeUnsupported,
        >= 400 and < 500 => RequestMalformed with { Status = status },
        _ => Internal,
    };
}
