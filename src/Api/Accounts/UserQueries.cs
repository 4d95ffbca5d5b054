using Dapper;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Npgsql;

namespace Leaderboard.Api.Accounts;

internal static class UserQueries
{
    // Of racing sign-ups of one name, the constraint lets one in.
    private const string AddUser = "insert into users (name) values (@name) on conflict do nothing returning id";

    /// <summary>A new user with a first key; null where the name is taken.</summary>
    public static async Task<CreatedApiKey?> AddUserAsync(
        this NpgsqlDataSource db,
        string name,
        string label,
        IReadOnlyList<string> scopes,
        DateTime? expiresAt,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteScalarAsync<Guid?>(
            new CommandDefinition(AddUser, new { name }, transaction, cancellationToken: cancellationToken)) is not { } id)
        {
            return null;
        }
        var key = await connection.AddApiKeyAsync(id, name, label, scopes, expiresAt, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return key;
    }

    private const string FindUsers = """
        select id, name, created_at, disabled_at, submissions_per_day, concurrent_evaluations, failed_evaluations_per_day,
               stored_bytes
        from users
        where (@name::text is null or name = @name) and (@after::text is null or name > @after)
        order by name
        limit @rows
        """;

    public static async Task<UserRow?> FindUserAsync(
        this NpgsqlDataSource db, string name, CancellationToken cancellationToken) =>
        (await db.FindAsync(name, after: null, rows: 1, cancellationToken)).SingleOrDefault();

    public static async Task<Page<User>> ListUsersAsync(
        this NpgsqlDataSource db, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var found = await db.FindAsync(
            name: null, Cursor.Read<UserCursor>(cursor)?.Name, rows: limit + 1, cancellationToken);
        var items = found.Take(limit).Select(row => row.ToUser()).ToList();
        return new Page<User>(items, found.Count > limit ? Cursor.Of(new UserCursor(items[^1].Name)) : null);
    }

    private static async Task<IReadOnlyList<UserRow>> FindAsync(
        this NpgsqlDataSource db, string? name, string? after, int rows, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<UserRow>(
            new CommandDefinition(FindUsers, new { name, after, rows }, cancellationToken: cancellationToken))).AsList();
    }

    private const string SetDisabled = """
        update users set disabled_at = case when @disabled then coalesce(disabled_at, @now) end where name = @name
        """;

    /// <summary>Disables or enables a user; false where there is none of the name.</summary>
    public static async Task<bool> SetDisabledAsync(
        this NpgsqlTransaction transaction,
        string name,
        bool disabled,
        DateTimeOffset now,
        CancellationToken cancellationToken) => await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            SetDisabled, new { name, disabled, now }, transaction, cancellationToken: cancellationToken)) == 1;

    private sealed record UserCursor(string Name);

    public sealed record UserRow(
        Guid Id,
        string Name,
        DateTime CreatedAt,
        DateTime? DisabledAt,
        long? SubmissionsPerDay,
        long? ConcurrentEvaluations,
        long? FailedEvaluationsPerDay,
        long? StoredBytes)
    {
        public User ToUser() => new(Name, CreatedAt, DisabledAt, Overrides);

        public QuotaOverrides Overrides =>
            new(SubmissionsPerDay, ConcurrentEvaluations, FailedEvaluationsPerDay, StoredBytes);
    }
}
