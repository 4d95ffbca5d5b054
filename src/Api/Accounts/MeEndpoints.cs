using System.Security.Claims;
using Dapper;
using Leaderboard.Api.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Accounts;

internal static class MeEndpoints
{
    public static void MapMe(this IEndpointRouteBuilder api) =>
        api.MapGet("/me", GetMe).WithName("GetMe").WithTags("Accounts").RequireAuthorization(Scopes.Read);

    private const string FindMe = """
        select u.name as user, u.created_at, k.id, k.name as label, array_to_string(k.scopes, ' ') as scopes, k.expires_at
        from api_keys k
        join users u on u.id = k.user_id
        where k.id = @keyId
        """;

    /// <summary>Shows whose key is sent, what it allows, and what is left of the user's quotas.</summary>
    internal static async Task<Ok<Me>> GetMe(
        NpgsqlDataSource db, UserQuotas quotas, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleAsync<MeRow>(new CommandDefinition(
            FindMe, new { keyId = Caller.KeyIdOf(user) }, cancellationToken: cancellationToken));
        return TypedResults.Ok(new Me(
            row.User, row.CreatedAt, new SentApiKey(row.Id, row.Label, row.Scopes.Split(' '), row.ExpiresAt),
            await quotas.ReadAsync(Caller.Of(user), cancellationToken)));
    }

    private sealed record MeRow(
        string User, DateTime CreatedAt, Guid Id, string Label, string Scopes, DateTime? ExpiresAt);
}
