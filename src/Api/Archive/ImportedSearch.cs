using Dapper;
using Npgsql;

namespace Leaderboard.Api.Archive;

/// <summary>Lets what was imported be found, once it is there for everyone: several write at once, each a few thousand a transaction.</summary>
internal static class ImportedSearch
{
    // Of one, PostgreSQL computes on a single core.
    private static readonly int Writers = Math.Clamp(Environment.ProcessorCount, 1, 4);

    // What is lost in a crash waits in search_changes again.
    private const string Begin = """
        set synchronous_commit = off;
        set jit = off;
        set work_mem = '64MB';
        set gin_pending_list_limit = '64MB';
        """;

    // Who refreshes from time to time has the lock alone, and leaves the work to these.
    private const string Some = """
        select refresh_some_search()
        from (select pg_advisory_xact_lock_shared('search_changes'::regclass::oid::bigint)) locked
        """;

    // A paper is noted for itself, for its code and for each of its rows.
    private const string Unite = """
        delete from search_changes c
        using (select ctid, row_number() over (partition by kind, key) as nth from search_changes) s
        where c.ctid = s.ctid and s.nth > 1
        """;

    private const string Waiting = "select count(*) from search_changes";

    // Pages are marked as read by all, lists of words put in order, and plans made for what is there now.
    private const string Settle = """
        vacuum (analyze) tasks, datasets, methods, papers, authors, paper_tasks, paper_methods, repositories, paper_repositories,
            dataset_tasks, evaluation_tables, table_metrics, table_rows, table_values, title_words, search_entries, search_words
        """;

    public static async Task RefreshAsync(NpgsqlDataSource db, ImportProgress progress)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync(Begin);
        await connection.ExecuteAsync(Unite, commandTimeout: 0);
        var count = await connection.ExecuteScalarAsync<int>(Waiting, commandTimeout: 0);
        if (count == 0)
        {
            return;
        }
        var done = 0;
        progress.Finding(0, count);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => WriteAsync()));
        progress.Settling();
        await connection.ExecuteAsync(Settle, commandTimeout: 0);

        async Task WriteAsync()
        {
            await using var writer = await db.OpenConnectionAsync();
            await writer.ExecuteAsync(Begin);
            while (await writer.ExecuteScalarAsync<int>(Some, commandTimeout: 0) is > 0 and var some)
            {
                progress.Finding(Interlocked.Add(ref done, some), count);
            }
        }
    }
}
