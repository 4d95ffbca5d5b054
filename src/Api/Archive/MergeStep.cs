using Dapper;
using Npgsql;

namespace Leaderboard.Api.Archive;

/// <summary>One statement of a merge, and the table whose rows it counts; none where it only prepares others.</summary>
internal sealed record MergeStep(string? Table, string Sql)
{
    /// <summary>A statement whose result is nobody's.</summary>
    public static MergeStep Prepare(string sql) => new(null, sql);

    /// <param name="table">Into which it inserts.</param>
    /// <param name="insert">An <c>insert … on conflict … do update</c> of rows that are new or differ.</param>
    public static MergeStep Put(string table, string insert) => new(table, $"""
        with done as ({insert} returning xmax = 0 as is_new)
        select count(*) filter (where is_new) as added, count(*) filter (where not is_new) as changed, 0::bigint as removed from done
        """);

    public static MergeStep Change(string table, string update) => new(table, $"""
        with done as ({update} returning 1) select 0::bigint as added, count(*) as changed, 0::bigint as removed from done
        """);

    public static MergeStep Remove(string table, string delete) => new(table, $"""
        with done as ({delete} returning 1) select 0::bigint as added, 0::bigint as changed, count(*) as removed from done
        """);

    public async Task<MergeCounts> RunAsync(NpgsqlConnection connection, object asked)
    {
        if (Table is null)
        {
            await connection.ExecuteAsync(Sql, asked, commandTimeout: 0);
            return new MergeCounts(0, 0, 0);
        }
        return await connection.QuerySingleAsync<MergeCounts>(Sql, asked, commandTimeout: 0);
    }
}

/// <summary>Rows of a table that an import has touched.</summary>
internal sealed record MergeCounts(long Added, long Changed, long Removed)
{
    public static MergeCounts operator +(MergeCounts a, MergeCounts b) =>
        new(a.Added + b.Added, a.Changed + b.Changed, a.Removed + b.Removed);
}
