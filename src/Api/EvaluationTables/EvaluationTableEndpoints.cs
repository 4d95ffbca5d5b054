using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Catalogue;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace Leaderboard.Api.EvaluationTables;

internal static class EvaluationTableEndpoints
{
    public static void MapEvaluationTables(this IEndpointRouteBuilder api)
    {
        var tables = api.MapGroup("/evaluation-tables").WithTags("Evaluation tables");
        tables.MapGetAndHead("/", ListEvaluationTables).WithName("ListEvaluationTables")
            .Refuses(
                Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid, Problems.TextInvalid);
        tables.MapGetAndHead("/{id}", GetEvaluationTable).WithName("GetEvaluationTable")
            .Produces<EvaluationTable>()
            .Produces(StatusCodes.Status304NotModified)
            .Refuses(Problems.EvaluationTableUnknown, Problems.TextInvalid);
        tables.MapGetAndHead("/{id}/rows", ListEvaluationTableRows).WithName("ListEvaluationTableRows")
            .Produces<EvaluationTableRows>(StatusCodes.Status200OK, RowsWriter.Json, Csv.MediaType)
            .Produces(StatusCodes.Status304NotModified)
            .Refuses(
                Problems.EvaluationTableUnknown, Problems.ValidationFailed, Problems.RequestMalformed,
                Problems.CursorInvalid, Problems.TextInvalid);
        tables.MapGetAndHead("/{id}/progress", GetEvaluationTableProgress).WithName("GetEvaluationTableProgress")
            .Produces<EvaluationTableProgress>()
            .Produces(StatusCodes.Status304NotModified)
            .Refuses(
                Problems.EvaluationTableUnknown, Problems.ValidationFailed, Problems.RequestMalformed, Problems.TextInvalid);
        tables.MapPatch("/{id}/metrics/{metric}", CorrectEvaluationTableMetric).WithName("CorrectEvaluationTableMetric")
            .RequireAuthorization(Scopes.SubmitOrAdmin)
            .Refuses(
                Problems.JsonMalformed, Problems.ValidationFailed, Problems.OwnerRequired, Problems.EvaluationTableUnknown,
                Problems.MetricUnknown, Problems.EvaluationTableDerived, Problems.BodyTooLarge,
                Problems.MediaTypeUnsupported, Problems.TextInvalid);
    }

    /// <summary>Lists evaluation tables by id: the archive's, users', and what benchmarks are shown as.</summary>
    /// <param name="task">Only those of this task, by its id.</param>
    /// <param name="dataset">Only those of this dataset, by its id.</param>
    /// <param name="origin">Only those of this origin: archive, user, benchmark.</param>
    /// <param name="q">Only those with this in their name, for example <c>classification on imagenet</c>.</param>
    /// <param name="limit">Tables of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task<Ok<Page<EvaluationTable>>> ListEvaluationTables(
        HttpContext http,
        NpgsqlDataSource db,
        string? task,
        string? dataset,
        [AllowedValues("archive", "user", "benchmark")]
        string? origin,
        string? q,
        [Range(1, Cursor.MaxLimit)]
        int? limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        errors.Require(
            origin is null or "archive" or "user" or "benchmark", "origin", "must be archive, user or benchmark");
        errors.ThrowIfAny();
        var size = Cursor.Limit(limit);
        var found = await db.ListTablesAsync(
            new TableFilter(task, dataset, origin, q), Cursor.Read<TableCursor>(cursor)?.Id, size + 1, cancellationToken);
        var tables = found.Take(size).ToList();
        var metrics = await db.ListMetricsAsync([.. tables.Select(table => table.Id)], cancellationToken);
        var page = new Page<EvaluationTable>(
            tables.ConvertAll(table => EvaluationTable.Of(table, metrics[table.Id])),
            found.Count > size ? Cursor.Of(new TableCursor(tables[^1].Id)) : null);
        Cursor.SetNextLink(http, page.Next);
        Attribution.SetLicenceLink(http);
        return TypedResults.Ok(page);
    }

    /// <summary>Shows an evaluation table with its metrics.</summary>
    /// <param name="id">Id of the table.</param>
    internal static async Task GetEvaluationTable(
        string id, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var table = await db.GetTableAsync(id, cancellationToken);
        var metrics = await db.ListMetricsAsync([id], cancellationToken);
        await SendAsync(http, Json(EvaluationTable.Of(table, metrics[id])), table.Origin);
    }

    /// <summary>Shows a table's rows, the best first, with all their figures.</summary>
    /// <remarks>
    /// Ranks count what the filters leave: with <c>extra_data=false</c> the best row without additional data is first.
    /// <c>Accept: text/csv</c> gets the same page as CSV. The cursor of the following page is in <c>next</c>, its address in
    /// the <c>Link</c> field.
    /// </remarks>
    /// <param name="id">Id of the table.</param>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before, asked for with the same filters.</param>
    internal static async Task ListEvaluationTableRows(
        string id,
        HttpContext http,
        NpgsqlDataSource db,
        [AsParameters] RowQuery query,
        [Range(1, Cursor.MaxLimit)]
        int? limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var ranked = await query.OfAsync(id, db, cancellationToken);
        var size = Cursor.Limit(limit);
        var after = Cursor.Read<RowCursor>(cursor);
        if (after is not null && (after.Table != id || after.Filter != ranked.Filter))
        {
            throw Problems.CursorInvalid.Because("This cursor is of another table or of other filters.");
        }
        var (rows, next) = await db.ListRowsAsync(id, ranked.Filter, after?.Place, size, cancellationToken);
        var page = new EvaluationTableRows(
            id, ranked.RankingName, ranked.HigherIsBetter,
            [.. rows.Select(row => EvaluationTableRow.Of(row, ranked.Filter.MetricId))],
            next is null ? null : Cursor.Of(new RowCursor(next, id, ranked.Filter)), Attribution.Of(ranked.Table.Origin));
        Cursor.SetNextLink(http, page.Next);
        var type = AcceptHeader.Choose(http.Request, RowsWriter.Json, Csv.MediaType);
        await SendAsync(
            http, RowsWriter.Write(page, ranked.Metrics.Select(EvaluationTableMetric.Of), type), ranked.Table.Origin);
    }

    /// <summary>Shows the state of the art over time: only rows that were better than all before them.</summary>
    /// <remarks>
    /// A row is dated by when it was evaluated, else by when its paper was published; one that has neither is on no line. Of
    /// one date the best counts.
    /// </remarks>
    /// <param name="id">Id of the table.</param>
    internal static async Task GetEvaluationTableProgress(
        string id,
        HttpContext http,
        NpgsqlDataSource db,
        [AsParameters] RowQuery query,
        CancellationToken cancellationToken)
    {
        var ranked = await query.OfAsync(id, db, cancellationToken);
        var line = new EvaluationTableProgress(
            id, ranked.RankingName, ranked.HigherIsBetter,
            await db.ListRecordsAsync(id, ranked.Filter, cancellationToken), Attribution.Of(ranked.Table.Origin));
        await SendAsync(http, Json(line), ranked.Table.Origin);
    }

    /// <summary>Corrects the direction of a metric, and ranks the table anew.</summary>
    /// <remarks>
    /// An admin corrects any table's, a user their own. What is corrected stays so, whatever is imported later. A benchmark's
    /// metrics have the direction that they are measured in.
    /// </remarks>
    /// <param name="id">Id of the table.</param>
    /// <param name="metric">Id of the metric within the table; its name too, where that has no slash.</param>
    internal static async Task<Ok<EvaluationTable>> CorrectEvaluationTableMetric(
        string id,
        string metric,
        MetricCorrection request,
        ClaimsPrincipal user,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var table = await db.GetTableAsync(id, cancellationToken);
        if (table.Benchmark is { } benchmark)
        {
            throw Problems.EvaluationTableDerived.Because($"It shows what stands on the boards of {benchmark}.");
        }
        var caller = Caller.Of(user);
        if (!caller.IsAdmin && table.UserId != caller.UserId)
        {
            throw Problems.OwnerRequired.Because("Only the user whose table it is or an admin corrects its metrics.");
        }
        var metrics = (await db.ListMetricsAsync([id], cancellationToken))[id].ToList();
        var corrected = RowQuery.Find(metrics, metric)
            ?? throw Problems.MetricUnknown.Because($"The table '{id}' has no metric '{metric}'.");
        await db.CorrectDirectionAsync(corrected, isLoss: !request.HigherIsBetter, cancellationToken);
        var changed = await db.ListMetricsAsync([id], cancellationToken);
        return TypedResults.Ok(EvaluationTable.Of(table, changed[id]));
    }

    private static (string ContentType, byte[] Body) Json<T>(T answer) =>
        ("application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(answer, LeaderboardJson.Options));

    private static async Task SendAsync(HttpContext http, (string ContentType, byte[] Body) answer, string origin)
    {
        if (origin == "archive")
        {
            Attribution.SetLicenceLink(http);
        }
        http.Response.Headers.Vary = HeaderNames.Accept;
        http.Response.Headers.CacheControl = "no-cache";
        var hash = Convert.ToHexStringLower(SHA256.HashData(answer.Body).AsSpan(0, 16));
        if (!Revalidation.IsFresh(http, new EntityTagHeaderValue($"\"{hash}\""), lastModified: null))
        {
            http.Response.ContentType = answer.ContentType;
            http.Response.ContentLength = answer.Body.Length;
            await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
        }
    }

    private sealed record TableCursor(string Id);

    private sealed record RowCursor(RowPlace Place, string Table, RowFilter Filter);
}
