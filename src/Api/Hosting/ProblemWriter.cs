using System.Text.Json;
using System.Text.RegularExpressions;
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
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Instance,
    string Code,
    IReadOnlyDictionary<string, string[]>? Errors);

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
            _ => null,
        };
        if (refused is null)
        {
            LogFailure(logger, http.Request.Method, http.Request.Path, exception);
            refused = Problems.Internal.Because("The failure is in the server's log.");
        }
        await WriteAsync(http, refused.Kind, refused.Message, refused.Errors);
        return true;
    }

    /// <summary>The problem of a response that has a status and no body.</summary>
    public static Task WriteBareStatusAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        var kind = Problems.OfStatus(http.Response.StatusCode);
        return WriteAsync(http, kind, $"{http.Request.Method} {http.Request.Path}: {kind.Title}");
    }

    public static Task WriteAsync(
        HttpContext http, ProblemKind kind, string detail, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        http.Response.StatusCode = kind.Status;
        if (HttpProtocol.IsHttp11(http.Request.Protocol) && !StringValues.IsNullOrEmpty(http.Request.Headers.Expect))
        {
            // The client still holds its body back. Whether it sends it, or another request, could not be told apart.
            http.Response.Headers.Connection = "close";
        }
        var problem = new Problem(
            $"urn:leaderboard:problem:{kind.Code}", kind.Title, kind.Status, detail, http.Request.Path, kind.Code, errors);
        // Where the client has gone, the writing goes nowhere; ended half-way, it would be an error of the server's.
        return http.Response.WriteAsJsonAsync(problem, LeaderboardJson.Options, ContentType, CancellationToken.None);
    }

    // The framework's message names .NET types.
    [GeneratedRegex("^Failed to bind parameter .* from \"(.*)\"\\.$", RegexOptions.Singleline)]
    private static partial Regex UnreadableValue();

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private static partial void LogFailure(ILogger logger, string method, PathString path, Exception exception);
}
