using Dapper;
using Npgsql;

namespace Leaderboard.Api.Archive;

/// <summary>Brings the catalogue and the evaluation tables in step with what is staged: all of it, or nothing.</summary>
internal static class Merge
{
    private const string Begin = """
        set local leaderboard.touches_boards_itself = 'on';
        set local work_mem = '64MB';
        set local gin_pending_list_limit = '64MB';
        set local jit = off;
        """;

    private static readonly string Analyze =
        string.Join("; ", StagingTable.All.Select(table => $"analyze {table.Name}"));

    // Tasks that many papers have are found first.
    private const string FindTasks = "insert into search_changes (kind, key) select 'task', id from tasks";

    private const string Finish =
        "update archive_imports set state = 'merged', merged_at = clock_timestamp(), report = @report::jsonb where id = @import";

    private static readonly string Empty =
        $"truncate staged_import, {string.Join(", ", StagingTable.All.Select(table => table.Name))}";

    /// <returns>What has changed, by table.</returns>
    public static async Task<ImportReport> RunAsync(
        NpgsqlConnection connection, Guid import, IReadOnlyList<ImportedFile> files, ImportProgress progress)
    {
        var kinds = files.Select(file => Enum.Parse<ArchiveKind>(file.Kind)).ToHashSet();
        var asked = new
        {
            isDump = kinds.Contains(ArchiveKind.EvaluationTables),
            hasLinks = kinds.Contains(ArchiveKind.Links),
        };
        IReadOnlyList<MergeStep> before = [.. MergeTasks.Steps, .. MergePapers.Steps, .. MergeCatalogue.Steps, .. MergePapers.Relations, .. MergeTables.Naming];
        IReadOnlyList<MergeStep> behind = [.. MergeTables.Steps];
        var counts = new SortedDictionary<string, MergeCounts>(StringComparer.Ordinal);
        var done = 0;

        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(Begin);
        await connection.ExecuteAsync(Analyze, commandTimeout: 0);
        await RunAllAsync(before);
        await TableIds.AssignAsync(connection);
        await RunAllAsync(behind);
        if (counts["paper_tasks"] is { Added: > 0 } or { Removed: > 0 })
        {
            await connection.ExecuteAsync(FindTasks);
        }
        var report = new ImportReport(
            files, counts, await connection.UnparsedMetricsAsync(), await connection.UnparsedTextsAsync(),
            await connection.ProblemsAsync(import));
        await connection.ExecuteAsync(Finish, new { import, report = report.ToJson() });
        await connection.ExecuteAsync(Empty);
        await MergePapers.TouchBoards.RunAsync(connection, asked);
        await transaction.CommitAsync();
        return report;

        async Task RunAllAsync(IReadOnlyList<MergeStep> steps)
        {
            foreach (var step in steps)
            {
                progress.Merging(step.Table ?? "preparing", done++, before.Count + behind.Count);
                var counted = await step.RunAsync(connection, asked);
                if (step.Table is not null)
                {
                    counts[step.Table] = counts.TryGetValue(step.Table, out var earlier) ? earlier + counted : counted;
                }
            }
        }
    }
}
