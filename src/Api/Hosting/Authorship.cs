using Dapper;
using Npgsql;

namespace Leaderboard.Api.Hosting;

/// <summary>Who changes results in a transaction, and why: the events that the database writes of it say so.</summary>
internal static class Authorship
{
    private const string SayWho = """
        select set_config('leaderboard.actor', @userId::text, true),
               set_config('leaderboard.reason', coalesce(@reason, ''), true)
        """;

    public static Task SayWhoAsync(
        this NpgsqlTransaction transaction, Guid userId, string? reason, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(SayWho, new { userId, reason }, transaction, cancellationToken: cancellationToken));
}
