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
    /// <remarks>The user is made where there is none of that name. The key is shown in this answer and never
    /// again.</remarks>
    internal static async Task<Created<CreatedApiKey>> CreateApiKey(
        ApiKeyRequest request, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        Validate(request);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var key = await connection.AddApiKeyAsync(request.User, request.Label, request.Scopes, cancellationToken);
        return TypedResults.Created((string?)null, new CreatedApiKey(request.User, request.Label, request.Scopes, key));
    }

    public static void Validate(ApiKeyRequest request)
    {
        var errors = new Errors();
        errors.RequireText(request.User, "user", maxLength: 100);
        errors.RequireText(request.Label, "label", maxLength: 100);
        errors.Require(
            request.Scopes.Count > 0 && request.Scopes.All(scope => scope is Scopes.Submit or Scopes.Admin),
            "scopes",
            "must hold one or both of 'submit' and 'admin'");
        errors.ThrowIfAny();
    }
}

/// <summary>Asks for an API key.</summary>
/// <param name="User">Name of the user whom the key speaks for, 1 to 100 characters.</param>
/// <param name="Label">What the key is for, 1 to 100 characters.</param>
/// <param name="Scopes">What the key allows: <c>submit</c>, <c>admin</c>, or both.</param>
public sealed record ApiKeyRequest(string User, string Label, IReadOnlyList<string> Scopes);

/// <summary>An API key, just made.</summary>
/// <param name="User">Name of the user whom the key speaks for.</param>
/// <param name="Label">What the key is for.</param>
/// <param name="Scopes">What the key allows.</param>
/// <param name="Key">The key, to send as <c>Authorization: Bearer</c>. It is shown this once.</param>
public sealed record CreatedApiKey(string User, string Label, IReadOnlyList<string> Scopes, string Key);
