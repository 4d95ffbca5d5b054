using Dapper;
using Npgsql;

namespace Leaderboard.Api.Evaluations;

internal static class QueuePositions
{
    // All that wait are in one queue, the GPU's or the CPU's. It is counted once for all rows; an evaluation on realms
    // stands where the first of its realms does.
    private const string FindQueuePositions = """
        with waiting as (
            select id, parent_id, row_number() over (order by queued_at, id) as position
            from evaluations
            where state = 'queued' and not has_realms
        )
        select asked.id, min(w.position) as position
        from waiting w
        cross join lateral (values (w.id), (w.parent_id)) asked (id)
        where asked.id = any(@ids)
        group by asked.id
        """;

    public static async Task<Dictionary<Guid, long?>> ListQueuePositionsAsync(
        this NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken)
    {
        if (ids.Length == 0)
        {
            return [];
        }
        var found = await connection.QueryAsync<(Guid Id, long Position)>(
            new CommandDefinition(FindQueuePositions, new { ids }, cancellationToken: cancellationToken));
        return found.ToDictionary(row => row.Id, row => (long?)row.Position);
    }
}
