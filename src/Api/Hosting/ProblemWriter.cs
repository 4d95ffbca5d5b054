using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Leaderboard.Api.Compat.PapersWithCode;
using Leaderboard.Api.Quotas;
using Leaderboard.Shared;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Primitives;
using Npgsql;

namespace Leaderboard.Api.Hosting;

/// <summary>An error as RFC 9457 describes it.</summary>
/// <param name="Type">URI of this kind of problem, made from its code.</param>
/// <param name="Title">What went wrong, the same for every problem of this code.</param>
/// <param name="Status">HTTP status code.</param>
/// <param name="Detail">What went wrong this time, and what can be done about it.</param>
/// <param name="Instance">Path of the request.</param>
/// <param name="Code">Stable code to switch on.</param>
/// <param name="Errors">What is wrong with each field, by its name on the wire; on failed validation alone.</param>
/// <param name="Quota">The quota that the request would have gone over; only there where that is the problem.</param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Instance,
    string Code,
    IReadOnlyDictionary<string, string[]>? Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ExceededQuota? Quota = null);

/// <summary>Writes every error of the API, whoever raises it.</summary>
internal sealed partial class ProblemWriter(ILogger<ProblemWriter> logger) : IExceptionHandler
{
    public const string ContentType = "application/problem+json";

    public async ValueTask<bool> TryHandleAsync(
        HttpContext http, Exception exception, CancellationToken cancellationToken)
    {
        var refused = exception switch
        {
            RefusedException refusal => refusal,
            BadHttpRequestException { InnerException: JsonException json } => JsonProblems.Of(json),
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } empty
                when empty.Message.Contains("body", StringComparison.Ordinal)
                    && empty.Message.Contains("provided", StringComparison.Ordinal) =>
                Problems.JsonMalformed.Because("The body is empty or null; JSON is expected."),
            BadHttpRequestException bad when UnreadableValue().Match(bad.Message) is { Success: true } unreadable =>
                Problems.RequestMalformed.Because($"The query holds '{unreadable.Groups[1].Value}', which is not of its type."),
            BadHttpRequestException bad => Problems.OfStatus(bad.StatusCode).Because(bad.Message),
            InvalidOperationException charset
                when charset.Message.Contains("is not a known encoding", StringComparison.Ordinal) =>
                Problems.MediaTypeUnsupported.Because("JSON is sent in UTF-8."),
            ConnectionResetException or ConnectionAbortedException => Problems.RequestMalformed.Because(
                "The connection broke before the body was whole."),
            // What PostgreSQL's text cannot hold: NUL, and escapes that are no character.
            PostgresException
            {
                SqlState: PostgresErrorCodes.CharacterNotInRepertoire
                or PostgresErrorCodes.UntranslatableCharacter
            } text => Problems.TextInvalid.Because(text.MessageText),
            NpgsqlException away when IsAway(away) => new RefusedException(
                Problems.DatabaseUnavailable, "It has no connection left, or is away. Send the request again in a moment.")
            {
                RetryAfter = TimeSpan.FromSeconds(2),
            },
            _ => null,
        };
        if (refused is null)
        {
            LogFailure(logger, http.Request.Method, http.Request.Path, exception);
            refused = Problems.Internal.Because("The failure is in the server's log.");
        }
        else if (exception is NpgsqlException && refused.Kind == Problems.DatabaseUnavailable)
        {
            LogAway(logger, http.Request.Method, http.Request.Path, exception.Message);
        }
        if (refused.RetryAfter is { } wait)
        {
            SetRetryAfter(http, wait);
        }
        if (refused.Location is { } kept)
        {
            http.Response.Headers.Location = kept;
        }
        await WriteAsync(http, refused.Kind, refused.Message, refused.Errors, refused.Quota);
        return true;
    }

    /// <summary>The problem of a response that has a status and no body.</summary>
    public static Task WriteBareStatusAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        var kind = Problems.OfStatus(http.Response.StatusCode);
        return WriteAsync(http, kind, $"{http.Request.Method} {http.Request.Path}: {kind.Title}");
    }

    /// <summary>Whole seconds, at least one.</summary>
    public static void SetRetryAfter(HttpContext http, TimeSpan wait) => http.Response.Headers.RetryAfter =
        Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    public static Task WriteAsync(
        HttpContext http,
        ProblemKind kind,
        string detail,
        IReadOnlyDictionary<string, string[]>? errors = null,
        ExceededQuota? quota = null)
    {
        http.Response.StatusCode = kind.Status;
        if (HttpProtocol.IsHttp11(http.Request.Protocol)
            && (kind == Problems.ServerStopping || !StringValues.IsNullOrEmpty(http.Request.Headers.Expect)))
        {
            // The client may still hold its body back. Whether it sends it, or another request, could not be told apart.
            http.Response.Headers.Connection = "close";
        }
        if (PapersWithCodeApi.Serves(http))
        {
            return DjangoErrors.WriteAsync(http, detail, errors);
        }
        // Where the client has gone, the writing goes nowhere; ended half-way, it would be an error of the server's.
        return http.Response.WriteAsJsonAsync(
            Describe(kind, detail, http.Request.Path, errors, quota), LeaderboardJson.Options, ContentType,
            CancellationToken.None);
    }

    public static Problem Describe(
        ProblemKind kind,
        string detail,
        string path,
        IReadOnlyDictionary<string, string[]>? errors,
        ExceededQuota? quota = null) =>
        new($"urn:leaderboard:problem:{kind.Code}", kind.Title, kind.Status, detail, path, kind.Code, errors, quota);

    // Npgsql calls deadlocks transient too; they are this program's fault.
    private static bool IsAway(NpgsqlException exception) => exception is PostgresException { SqlState: var state }
        ? state is PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
        : exception.IsTransient;

    // The framework's message names .NET types.
    [GeneratedRegex("^Failed to bind parameter .* from \"(.*)\"\\.$", RegexOptions.Singleline)]
    private static partial Regex UnreadableValue();

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private static partial void LogFailure(ILogger logger, string method, PathString path, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away, {Method} {Path} is refused: {Reason}")]
    private static partial void LogAway(ILogger logger, string method, PathString path, string reason);
}
