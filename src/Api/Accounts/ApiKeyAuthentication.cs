using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Leaderboard.Api.Compat.PapersWithCode;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Leaderboard.Api.Accounts;

/// <summary>
/// <c>Authorization: Bearer lb_…</c>. Under <c>/hangfire</c>, which browsers open, the key is also taken as the
/// password of HTTP Basic; nowhere else, since browsers send Basic by themselves, to forged requests too. Clients of Papers With
/// Code send <c>Authorization: Token lb_…</c>, which is taken where they ask.
/// </summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    NpgsqlDataSource db,
    TimeProvider clock,
    LastUse lastUse)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    private bool TakesBasic => Request.Path.StartsWithSegments("/hangfire");

    private bool TakesToken => PapersWithCodeApi.Serves(Context);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Whoever asks after the server's health is answered without the database, which may be what is ill.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || KeyOf(Request.Headers.Authorization.ToString()) is not { } key)
        {
            return AuthenticateResult.NoResult();
        }
        var holder = await db.FindApiKeyAsync(ApiKey.Hash(key), Context.RequestAborted);
        if (holder is null || FaultOf(holder) is not null)
        {
            return AuthenticateResult.Fail(FaultOf(holder) ?? "The API key is unknown here.");
        }
        lastUse.Note(holder.Id, holder.LastUsedAt);
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, holder.UserId.ToString()),
                new Claim(ClaimTypes.Name, holder.UserName),
                new Claim(Caller.KeyClaim, holder.Id.ToString()),
                .. holder.Scopes.Split(' ').Select(scope => new Claim(Caller.ScopeClaim, scope)),
            ],
            Scheme.Name);
        if (holder.ExpiresAt is { } expiry)
        {
            identity.AddClaim(new Claim(Caller.ExpiryClaim, expiry.ToString("O", CultureInfo.InvariantCulture)));
        }
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    /// <summary>Refuses a key that opens nothing also where none is needed: its sender would miss their own
    /// rows.</summary>
    public static async Task RefuseBadKeyAsync(HttpContext http, RequestDelegate next)
    {
        if ((await http.AuthenticateAsync()).Failure is null)
        {
            await next(http);
        }
        else
        {
            await http.ChallengeAsync();
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate =
            TakesBasic ? "Basic realm=\"leaderboard\", charset=\"UTF-8\"" : TakesToken ? "Token" : "Bearer";
        await ProblemWriter.WriteAsync(
            Context,
            Problems.Unauthenticated,
            (await HandleAuthenticateOnceSafeAsync()).Failure?.Message
                ?? $"Send 'Authorization: {(TakesToken ? "Token" : "Bearer")} <api key>' with a key that opens something.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ProblemWriter.WriteAsync(
        Context, Problems.ScopeMissing, "The API key is known, but it has no scope for this.");

    private string? FaultOf(ApiKeyQueries.ApiKeyHolder? holder) => holder switch
    {
        { RevokedAt: { } at } => $"The API key was revoked at {at:yyyy-MM-dd'T'HH:mm:ss'Z'}.",
        { ExpiresAt: { } at } when at <= clock.GetUtcNow() =>
            $"The API key expired at {at:yyyy-MM-dd'T'HH:mm:ss'Z'}. Send another one, or ask an admin for it.",
        { DisabledAt: { } at } => $"The API key's user was disabled by an admin at {at:yyyy-MM-dd'T'HH:mm:ss'Z'}.",
        _ => null,
    };

    private string? KeyOf(string header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || value.Parameter is not { } parameter)
        {
            return null;
        }
        if (value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            || (TakesToken && value.Scheme.Equals("Token", StringComparison.OrdinalIgnoreCase)))
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
