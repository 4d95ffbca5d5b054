using Microsoft.AspNetCore.Http.Features;

namespace Leaderboard.Api.Hosting;

/// <summary>What is refused of every request, whatever it asks for.</summary>
internal static class RequestRules
{
    /// <summary>Longest address that is answered, in bytes as it is sent.</summary>
    private const int MaxTargetBytes = 8000;

    /// <summary>Longest first line that the HTTP parser reads; beyond it, its own 414 has no body.</summary>
    public const int MaxLineBytes = 1 << 16;

    public static void UseRequestRules(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Length > MaxTargetBytes)
        {
            throw Problems.AddressTooLong.Because($"An address has at most {MaxTargetBytes} bytes.");
        }
        // A compressed body would be stored or read as it is, and be something else than was meant.
        if (http.Request.Headers.ContentEncoding.ToString() is { Length: > 0 } coding and not "identity")
        {
            http.Response.Headers.AcceptEncoding = "identity";
            throw Problems.MediaTypeUnsupported.Because($"Send the body as it is, without Content-Encoding: {coding}.");
        }
        await next(http);
    });
}
