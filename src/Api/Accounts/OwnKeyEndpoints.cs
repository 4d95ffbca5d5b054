using System.Security.Claims;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Accounts;

internal static class OwnKeyEndpoints
{
    private const int LongestGraceSeconds = 7 * 24 * 60 * 60;

    public static void MapOwnKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/me/api-keys").WithTags("Accounts").RequireAuthorization(Scopes.Read);
        keys.MapGet("/", ListOwnApiKeys).WithName("ListOwnApiKeys")
            .Refuses(Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid);
        keys.MapPost("/", CreateOwnApiKey).WithName("CreateOwnApiKey")
            .Refuses(
                Problems.JsonMalformed, Problems.ValidationFailed, Problems.MediaTypeUnsupported, Problems.BodyTooLarge,
                Problems.ApiKeysExhausted);
        keys.MapDelete("/{id:guid}", RevokeOwnApiKey).WithName("RevokeOwnApiKey")
            .Refuses(Problems.ApiKeyUnknown, Problems.LastAdminKey);
        keys.MapPost("/{id:guid}/rotate", RotateOwnApiKey).WithName("RotateOwnApiKey")
            .Refuses(
                Problems.JsonMalformed, Problems.ValidationFailed, Problems.MediaTypeUnsupported, Problems.BodyTooLarge,
                Problems.ApiKeyUnknown, Problems.ApiKeyEnded, Problems.ApiKeysExhausted, Problems.LastAdminKey);
    }

    /// <summary>Lists the API keys of the key's user, the newest first.</summary>
    /// <remarks>Also those that have ended. The keys themselves are not kept, so none is shown.</remarks>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task<Ok<Page<OwnApiKey>>> ListOwnApiKeys(
        HttpContext http, NpgsqlDataSource db, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = await db.ListKeysAsync(
            Caller.UserIdOf(http.User), Cursor.Limit(limit), cursor, cancellationToken);
        Cursor.SetNextLink(http, page.Next);
        return TypedResults.Ok(page);
    }

    /// <summary>Makes a further API key for the key's user.</summary>
    /// <remarks>Its scopes are at most those of the key that is sent, which must have more than <c>read</c>, and it ends
    /// no later. It is shown in this answer and never again. A user has at most 50 keys that have not ended.</remarks>
    internal static async Task<Created<CreatedApiKey>> CreateOwnApiKey(
        OwnApiKeyRequest request,
        NpgsqlDataSource db,
        TimeProvider clock,
        ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ApiKeyRules.CheckLabel(request.Label, errors);
        ApiKeyRules.CheckScopes(request.Scopes, errors);
        ApiKeyRules.CheckExpiry(request.ExpiresAt, clock, errors);
        ApiKeyRules.CheckOutlived(request.ExpiresAt, Caller.ExpiryOf(user), errors);
        errors.ThrowIfAny();
        ApiKeyRules.RequireMore(Caller.ScopesOf(user));
        ApiKeyRules.RequireWithin(request.Scopes, Caller.ScopesOf(user));

        var userId = Caller.UserIdOf(user);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.RequireRoomAsync(userId, clock, cancellationToken);
        var key = await connection.AddApiKeyAsync(
            userId, user.Identity!.Name!, request.Label, request.Scopes, request.ExpiresAt, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Created((string?)null, key);
    }

    /// <summary>Revokes an API key of the key's user, at once and for good.</summary>
    /// <remarks>Also the key that is sent; with scope <c>read</c> alone, no other. Revoking a key again changes nothing.
    /// A key with a scope that the key that is sent lacks is out of its reach, and so is the last admin key that never
    /// expires.</remarks>
    /// <param name="id">Id of the key.</param>
    internal static async Task<NoContent> RevokeOwnApiKey(
        Guid id, NpgsqlDataSource db, TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await db.KeepAsync(
            clock,
            async transaction =>
            {
                var key = await transaction.TakeKeyAsync(id, user, cancellationToken);
                await transaction.RevokeKeyAsync(key.Id, clock.GetUtcNow(), cancellationToken);
                return key;
            },
            cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Replaces an API key of the key's user by a new one of the same label and scopes.</summary>
    /// <remarks>The old key ends at once, or after the grace period that is asked for. The new one is shown in this
    /// answer and never again, and ends no later than the key that is sent. A key is replaced once, and one with scope
    /// <c>read</c> alone replaces itself alone.</remarks>
    /// <param name="id">Id of the key that is replaced.</param>
    internal static async Task<Created<CreatedApiKey>> RotateOwnApiKey(
        Guid id,
        RotationRequest? request,
        NpgsqlDataSource db,
        TimeProvider clock,
        ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var grace = request?.GraceSeconds ?? 0;
        errors.Require(
            grace is >= 0 and <= LongestGraceSeconds, "grace_seconds", $"must be from 0 to {LongestGraceSeconds}");
        ApiKeyRules.CheckExpiry(request?.ExpiresAt, clock, errors);
        errors.ThrowIfAny();

        var userId = Caller.UserIdOf(user);
        var created = await db.KeepAsync(
            clock,
            async transaction =>
            {
                var now = clock.GetUtcNow();
                var key = await transaction.TakeKeyAsync(id, user, cancellationToken);
                if (key.RevokedAt is not null || key.ReplacedBy is not null || key.ExpiresAt <= now)
                {
                    throw Problems.ApiKeyEnded.Because(
                        "It was revoked, has expired or was replaced before. Make a new one.");
                }
                var expiresAt = request?.ExpiresAt ?? key.ExpiresAt;
                ApiKeyRules.CheckOutlived(expiresAt, Caller.ExpiryOf(user), errors);
                errors.ThrowIfAny();
                if (grace > 0)
                {
                    await transaction.RequireRoomAsync(userId, clock, cancellationToken);
                }
                var replacement = await transaction.Connection!.AddApiKeyAsync(
                    userId, user.Identity!.Name!, key.Label, key.Scopes, expiresAt, cancellationToken);
                await transaction.ReplaceKeyAsync(
                    key.Id, replacement.Id, now, now.AddSeconds(grace), cancellationToken);
                return replacement;
            },
            cancellationToken);
        return TypedResults.Created((string?)null, created);
    }
}
