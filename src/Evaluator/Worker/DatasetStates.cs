using Dapper;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Tells, beside each benchmark, what this worker has of its dataset.</summary>
internal sealed class DatasetStates(NpgsqlDataSource db, LeaderboardFolders folders, WorkerIdentity identity)
{
    private const string Benchmarks = """
        select b.id, b.definition::text as definition,
               exists (select from manifests m where m.benchmark_id = b.id) as indexed
        from benchmarks b
        """;

    // An operator's command is no worker, and tells nothing. What an evaluation found by reading the files says more than that the folder is there.
    private const string Upsert = """
        insert into dataset_states (worker_id, benchmark_id, state, message, checked_at)
        select id, @benchmarkId, @state, @message, now() from workers where id = @worker
        on conflict (worker_id, benchmark_id) do update
        set state = excluded.state, message = excluded.message, checked_at = excluded.checked_at
        where @found or dataset_states.state <> 'changed' or excluded.state = 'missing'
        """;

    /// <summary>Looks for every dataset's folder.</summary>
    public async Task ReportAllAsync(CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<BenchmarkRow>(
            new CommandDefinition(Benchmarks, cancellationToken: cancellationToken));
        foreach (var row in rows)
        {
            var benchmark = LeaderboardJson.Parse<BenchmarkDefinition>(row.Definition);
            var (state, message) = Look(benchmark, row.Indexed);
            await connection.ExecuteAsync(new CommandDefinition(
                Upsert, new { worker = identity.Id, benchmarkId = row.Id, state, message, found = false },
                cancellationToken: cancellationToken));
        }
    }

    private sealed record BenchmarkRow(Guid Id, string Definition, bool Indexed);

    /// <summary>Records what an evaluation found: <c>indexed</c>, <c>missing</c> or <c>changed</c>.</summary>
    public async Task ReportFoundAsync(
        Guid benchmarkId, string state, string? message, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            Upsert, new { worker = identity.Id, benchmarkId, state, message, found = true },
            cancellationToken: cancellationToken));
    }

    private (string State, string? Message) Look(BenchmarkDefinition benchmark, bool indexed)
    {
        try
        {
            DatasetLayout.FolderOf(benchmark, DatasetPart.Evaluated, folders.Datasets);
            return (indexed ? "indexed" : "present", null);
        }
        catch (EvaluationFailedException failure)
        {
            return ("missing", failure.Message);
        }
    }
}
