using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Accounts;

internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/api-keys").WithTags("Accounts").RequireAuthorization(Scopes.Admin);
        keys.MapPost("/", CreateApiKey).WithName("CreateApiKey")
            .Refuses(Problems.JsonMalformed, Problems.ValidationFailed, Problems.MediaTypeUnsupported, Problems.BodyTooLarge);
    }

    /// <summary>Makes an API key for a user.</summary>
    /// <remarks>The user is made where there is none of that name, which must then be as of <c>POST /users</c>. The key is
    /// shown in this answer and never again.</remarks>
    internal static async Task<Created<CreatedApiKey>> CreateApiKey(
        ApiKeyRequest request, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancellationToken)
    {
        Validate(request, clock);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return TypedResults.Created((string?)null, await AddAsync(connection, request, cancellationToken));
    }

    public static async Task<CreatedApiKey> AddAsync(
        NpgsqlConnection connection, ApiKeyRequest request, CancellationToken cancellationToken)
    {
        if (!UserName.IsFit(request.User) && !await connection.UserExistsAsync(request.User, cancellationToken))
        {
            // Earlier versions made users of any name, and they get keys still.
            var errors = new Errors();
            UserName.Check(request.User, errors, "user");
            throw errors.Refusal();
        }
        var userId = await connection.EnsureUserAsync(request.User, cancellationToken);
        return await connection.AddApiKeyAsync(
            userId, request.User, request.Label, request.Scopes, request.ExpiresAt, cancellationToken);
    }

    public static void Validate(ApiKeyRequest request, TimeProvider clock)
    {
        var errors = new Errors();
        errors.RequireText(request.User, "user", maxLength: 100);
        ApiKeyRules.CheckLabel(request.Label, errors);
        ApiKeyRules.CheckScopes(request.Scopes, errors);
        ApiKeyRules.CheckExpiry(request.ExpiresAt, clock, errors);
        errors.ThrowIfAny();
    }
}

/// <summary>Asks for an API key.</summary>
/// <param name="User">Name of the user whom the key speaks for; of a new one 1 to 40 of a to z, 0 to 9, <c>-</c>, <c>_</c>
/// and <c>.</c></param>
/// <param name="Label">What the key is for, 1 to 100 characters.</param>
/// <param name="Scopes">What the key allows, one or more: <c>submit</c> (hand in and upload), <c>admin</c> (benchmarks,
/// users, everybody's rows), <c>read</c> (the user's own private rows, which the others allow too).</param>
/// <param name="ExpiresAt">When the key ends, within ten years, UTC where no zone is named; null: never.</param>
public sealed record ApiKeyRequest(
    string User, string Label, IReadOnlyList<string> Scopes, DateTime? ExpiresAt = null);

/// <summary>An API key, just made.</summary>
/// <param name="User">Name of the user whom the key speaks for.</param>
/// <param name="Label">What the key is for.</param>
/// <param name="Scopes">What the key allows.</param>
/// <param name="Key">The key, to send as <c>Authorization: Bearer</c>. It is shown this once.</param>
/// <param name="Id">Id of the key, which is no secret.</param>
/// <param name="ExpiresAt">When the key ends, UTC; null: never.</param>
public sealed record CreatedApiKey(
    string User, string Label, IReadOnlyList<string> Scopes, string Key, Guid Id, DateTime? ExpiresAt);
