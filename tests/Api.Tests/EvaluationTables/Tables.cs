using System.Text.Json;
using Dapper;

namespace Leaderboard.Api.Tests.EvaluationTables;

/// <summary>Evaluation tables, as an import writes them and as tests read them.</summary>
internal static class Tables
{
    private const string AddTable = """
        insert into tasks (id, name, description, origin) values (@task, @task, '', 'archive') on conflict do nothing;
        insert into datasets (id, name, description, origin) values (@id, @id, '', 'archive') on conflict do nothing;
        insert into evaluation_tables (id, origin, user_id, task_id, dataset_id, dataset_path)
        values (@id, case when @user::uuid is null then 'archive' else 'user' end, @user, @task, @id, coalesce(@path, array[@id]));
        insert into table_metrics (table_id, position, name, is_loss, direction)
        select @id, position, rtrim(name, '-'), name like '%-', 'inferred' from unnest(@metrics) with ordinality m (name, position)
        """;

    private const string AddRow = """
        with added as (
            insert into table_rows (table_id, position, model_name, paper_id, paper_date, evaluated_on, uses_additional_data)
            values (@table, (select count(*) from table_rows where table_id = @table), @model, @paper, @paperDate::date,
                    @evaluatedOn::date, @extra)
            returning id
        )
        insert into table_values (row_id, metric_id, raw, value)
        select a.id, m.id, f.raw, case when f.raw ~ '^[0-9.]+$' then f.raw::double precision end
        from added a, unnest(@figures) with ordinality f (raw, position)
        join table_metrics m on m.table_id = @table and m.position = f.position
        where f.raw is not null
        """;

    /// <summary>A table of these metrics; of one whose name ends in a hyphen less is better.</summary>
    public static Task AddTableAsync(
        this ApiFactory api, string id, string[] metrics, string? task = null, Guid? user = null, string[]? path = null) =>
        api.ExecuteAsync(AddTable, new { id, metrics, task = task ?? $"task-of-{id}", user, path });

    /// <summary>A row with a figure for each of the table's first metrics; null: it has none.</summary>
    public static async Task AddRowAsync(
        this ApiFactory api,
        string table,
        string model,
        string?[] figures,
        string? paper = null,
        string? paperDate = null,
        string? evaluatedOn = null,
        bool extra = false)
    {
        await using var connection = await api.Rows.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync(AddRow, new { table, model, figures, paper, paperDate, evaluatedOn, extra });
        await connection.ExecuteAsync("select rank_tables(array[@table])", new { table });
    }

    public static Task<JsonElement> RowsAsync(this ApiFactory api, string table, string query = "") =>
        api.Anonymous.GetJsonAsync($"/api/v1/evaluation-tables/{table}/rows{query}");

    /// <summary>Rank and model of each row.</summary>
    public static async Task<List<string>> RanksAsync(this ApiFactory api, string table, string query = "") =>
        Ranks(await api.RowsAsync(table, query));

    /// <summary>Rank and model of each row.</summary>
    public static List<string> Ranks(JsonElement page) =>
    [
        .. page.GetProperty("items").EnumerateArray().Select(
            row => $"{row.GetProperty("rank")} {row.GetProperty("model_name")}".TrimStart()),
    ];

    /// <summary>Date and model of each record.</summary>
    public static async Task<List<string>> RecordsAsync(this ApiFactory api, string table, string query = "") =>
    [
        .. (await api.Anonymous.GetJsonAsync($"/api/v1/evaluation-tables/{table}/progress{query}"))
            .GetProperty("points").EnumerateArray()
            .Select(point => $"{point.GetProperty("date")} {point.GetProperty("model_name")} {point.GetProperty("raw")}"),
    ];
}
