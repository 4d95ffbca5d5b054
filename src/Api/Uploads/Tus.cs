using System.Globalization;
using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Uploads;

/// <summary>What tus 1.0 asks of every request and answer under <c>/uploads</c>.</summary>
internal static class Tus
{
    public const string Address = "/api/v1/uploads";
    public const string Version = "1.0.0";
    public const string Extensions = "creation,creation-with-upload,checksum,checksum-trailer,expiration,termination";
    public const string ChunkType = "application/offset+octet-stream";

    /// <summary>Lets <c>X-HTTP-Method-Override</c> choose the method, and names the version in every answer, also in
    /// those that never reach an endpoint. It stands before routing.</summary>
    public static void UseTus(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Request.Path.StartsWithSegments(Address))
        {
            if (http.Request.Headers["X-HTTP-Method-Override"] is [{ Length: > 0 } method])
            {
                http.Request.Method = HttpMethods.GetCanonicalizedValue(method.ToUpperInvariant());
            }
            http.Response.OnStarting(() =>
            {
                http.Response.Headers["Tus-Resumable"] = Version;
                if (http.Response.StatusCode == StatusCodes.Status412PreconditionFailed)
                {
                    http.Response.Headers["Tus-Version"] = Version;
                }
                return Task.CompletedTask;
            });
        }
        return next(http);
    });

    /// <summary>Refuses a request of another version before it changes anything.</summary>
    public static ValueTask<object?> RequireVersionAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var version = context.HttpContext.Request.Headers["Tus-Resumable"].ToString();
        return version == Version
            ? next(context)
            : throw Problems.TusVersionUnsupported.Because($"Send 'Tus-Resumable: {Version}'; it was '{version}'.");
    }

    /// <summary>A field that counts bytes.</summary>
    public static long Bytes(HttpRequest request, string field)
    {
        var text = request.Headers[field].ToString();
        if (text.Length == 0 || !text.All(char.IsAsciiDigit))
        {
            throw Problems.RequestMalformed.Because($"'{field}' is a number of bytes in decimal; it was '{text}'.");
        }
        // More than can be counted is more than any limit.
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : long.MaxValue;
    }
}
