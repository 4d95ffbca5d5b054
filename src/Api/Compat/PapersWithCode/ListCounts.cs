using System.Collections.Concurrent;
using Dapper;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode;

/// <summary>
/// How long the lists are that have hundreds of thousands of rows. To count them takes a tenth of a second, and every page says
/// it: so it is counted once a minute.
/// </summary>
internal sealed class ListCounts(TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (long Count, DateTimeOffset At)> counts = new(StringComparer.Ordinal);

    /// <param name="connection">To the database.</param>
    /// <param name="statement">A constant that counts and has no parameters.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<long> CountAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (counts.TryGetValue(statement, out var known) && now - known.At < Kept)
        {
            return known.Count;
        }
        var count = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(statement, cancellationToken: cancellationToken));
        counts[statement] = (count, now);
        return count;
    }
}
