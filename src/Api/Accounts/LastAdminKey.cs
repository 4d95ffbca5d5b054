using Dapper;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Accounts;

/// <summary>
/// An installation keeps one admin's key that never expires: what would end the last one is refused.
/// </summary>
internal static class LastAdminKey
{
    // Two admins who revoke each other's key must not both succeed; what changes admin keys goes one by one.
    private const string Lock = "select pg_advisory_xact_lock(hashtext('leaderboard.last_admin_key'))";

    private const string Count = $"""
        select count(*) from api_keys k join users u on u.id = k.user_id
        where 'admin' = any(k.scopes) and k.expires_at is null and {ApiKeyQueries.IsLive}
        """;

    /// <summary>Makes a change in a transaction of its own, unless it ends the last such key.</summary>
    public static async Task<T> KeepAsync<T>(
        this NpgsqlDataSource db,
        TimeProvider clock,
        Func<NpgsqlTransaction, Task<T>> change,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        Task<long> CountAsync() => connection.ExecuteScalarAsync<long>(new CommandDefinition(
            Count, new { now = clock.GetUtcNow() }, transaction, cancellationToken: cancellationToken));

        await connection.ExecuteAsync(
            new CommandDefinition(Lock, transaction: transaction, cancellationToken: cancellationToken));
        var before = await CountAsync();
        var changed = await change(transaction);
        if (before > 0 && await CountAsync() == 0)
        {
            throw Problems.LastAdminKey.Because(
                "No key of scope 'admin' that never expires would be left. Make another one first.");
        }
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }
}
