using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Leaderboard.Api.Accounts;

/// <summary>
/// <c>Authorization: Bearer lb_…</c>. Under <c>/hangfire</c>, which browsers open, the key is also taken as the
/// password of HTTP Basic; nowhere else, since browsers send Basic by themselves, to forged requests too.
/// </summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, NpgsqlDataSource db)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    private bool TakesBasic => Request.Path.StartsWithSegments("/hangfire");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Whoever asks after the server's health is answered without the database, which may be what is ill.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || KeyOf(Request.Headers.Authorization.ToString()) is not { } key)
        {
            return AuthenticateResult.NoResult();
        }
        if (await db.FindApiKeyAsync(ApiKey.Hash(key), Context.RequestAborted) is not { } holder)
        {
            return AuthenticateResult.Fail("The API key is unknown or revoked.");
        }
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, holder.UserId.ToString()),
                new Claim(ClaimTypes.Name, holder.UserName),
                .. holder.Scopes.Split(' ').Select(scope => new Claim(Caller.ScopeClaim, scope)),
            ],
            Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = TakesBasic ? "Basic realm=\"leaderboard\", charset=\"UTF-8\"" : "Bearer";
        return ProblemWriter.WriteAsync(
            Context, Problems.Unauthenticated, "Send 'Authorization: Bearer <api key>' with a key that is not revoked.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ProblemWriter.WriteAsync(
        Context, Problems.ScopeMissing, "The API key is known, but it has no scope for this.");

    private string? KeyOf(string header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || value.Parameter is not { } parameter)
        {
            return null;
        }
        if (value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return parameter;
        }
        if (TakesBasic && value.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            var bytes = new byte[parameter.Length];
            return Convert.TryFromBase64String(parameter, bytes, out var length)
                ? Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2).ElementAtOrDefault(1)
                : null;
        }
        return null;
    }
}
