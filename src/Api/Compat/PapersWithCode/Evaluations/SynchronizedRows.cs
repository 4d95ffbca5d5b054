using Dapper;
using Leaderboard.Shared;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

/// <summary>The rows of a table that is made equal to one elsewhere.</summary>
internal sealed class SynchronizedRows(
    LockedTable table, NpgsqlTransaction transaction, IReadOnlyDictionary<string, string?> papers)
{
    private const string ReadRows = """
        select id, external_id, model_name, coalesce(paper_id, paper_url, '') as paper
        from table_rows where table_id = @Id order by position, id
        """;

    private const string RemoveRows = "delete from table_rows where table_id = @Id and id = any (@gone)";

    private const string Written = """
        jsonb_to_recordset(@written::jsonb) as w (
            id bigint, position int, model_name text, paper_id text, paper_url text, evaluated_on date,
            uses_additional_data boolean, external_id text, external_source_url text)
        """;

    private const string UpdateRows = $"""
        update table_rows r
        set position = w.position, model_name = w.model_name, paper_id = w.paper_id, paper_url = w.paper_url,
            evaluated_on = w.evaluated_on, uses_additional_data = w.uses_additional_data,
            external_source_url = w.external_source_url, changed_at = clock_timestamp()
        from {Written}
        where r.table_id = @Id and r.id = w.id
          and (r.position, r.model_name, r.paper_id, r.paper_url, r.evaluated_on, r.uses_additional_data, r.external_source_url)
              is distinct from
              (w.position, w.model_name, w.paper_id, w.paper_url, w.evaluated_on, w.uses_additional_data, w.external_source_url)
        """;

    private const string AddRows = $"""
        insert into table_rows (table_id, user_id, position, model_name, paper_id, paper_url, evaluated_on,
                                uses_additional_data, external_id, external_source_url)
        select @Id, @userId, w.position, w.model_name, w.paper_id, w.paper_url, w.evaluated_on, w.uses_additional_data,
               w.external_id, w.external_source_url
        from {Written}
        where w.id is null
        order by w.position
        returning id, position
        """;

    /// <summary>Makes these the rows of the table; their ids, in the same order.</summary>
    public async Task<long[]> SetAsync(
        IReadOnlyList<SyncFields.Row> rows, Guid userId, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var there = await connection.QueryAsync<RowThere>(
            new CommandDefinition(ReadRows, new { table.Id }, transaction, cancellationToken: cancellationToken));
        var left = there.ToLookup(KeyOf).ToDictionary(same => same.Key, same => new Queue<long>(same.Select(row => row.Id)));
        var written = rows.Select(row => ToWritten(row, left)).ToList();
        var parameters = new
        {
            table.Id,
            userId,
            gone = left.Values.SelectMany(ids => ids).ToArray(),
            written = LeaderboardJson.ForJsonb(written),
        };
        await table.ExecuteAsync(RemoveRows, parameters, cancellationToken);
        await table.ExecuteAsync(UpdateRows, parameters, cancellationToken);
        var added = await connection.QueryAsync<(long Id, int Position)>(
            new CommandDefinition(AddRows, parameters, transaction, cancellationToken: cancellationToken));
        var ids = written.Select(row => row.Id ?? 0).ToArray();
        foreach (var (id, position) in added)
        {
            ids[position - 1] = id;
        }
        return ids;
    }

    private const string ReadSlugs = "select id, coalesce(slug, id) as slug from papers where id = any (@ids)";

    /// <summary>Slugs of the papers that are known here, by what names them in the request.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadSlugsAsync(CancellationToken cancellationToken)
    {
        var found = await transaction.Connection!.QueryAsync<(string Id, string Slug)>(new CommandDefinition(
            ReadSlugs, new { ids = papers.Values.OfType<string>().ToArray() }, transaction, cancellationToken: cancellationToken));
        var slugs = found.ToDictionary(paper => paper.Id, paper => paper.Slug, StringComparer.Ordinal);
        return papers.Where(paper => paper.Value is not null).ToDictionary(paper => paper.Key, paper => slugs[paper.Value!]);
    }

    private WrittenRow ToWritten(SyncFields.Row row, Dictionary<RowKey, Queue<long>> left)
    {
        var paper = row.Result.Paper is { Length: > 0 } text ? text : null;
        var paperId = paper is null ? null : papers[paper];
        var key = row.ExternalId is { } external
            ? new RowKey(external, null, null)
            : new RowKey(null, row.Result.Methodology, paperId ?? paper ?? "");
        return new WrittenRow(
            left.TryGetValue(key, out var ids) && ids.TryDequeue(out var id) ? id : null, row.Position,
            row.Result.Methodology!, paperId, paper, row.Result.EvaluatedOn, row.Result.UsesAdditionalData ?? false,
            row.ExternalId, row.Result.ExternalSourceUrl is { Length: > 0 } source ? source : null);
    }

    private static RowKey KeyOf(RowThere row) => row.ExternalId is { } external
        ? new RowKey(external, null, null)
        : new RowKey(null, row.ModelName, row.Paper);

    private sealed record RowKey(string? ExternalId, string? ModelName, string? Paper);

    private sealed record RowThere(long Id, string? ExternalId, string ModelName, string Paper);

    private sealed record WrittenRow(
        long? Id, int Position, string ModelName, string? PaperId, string? PaperUrl, DateOnly? EvaluatedOn,
        bool UsesAdditionalData, string? ExternalId, string? ExternalSourceUrl);
}
