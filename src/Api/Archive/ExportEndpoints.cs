using System.ComponentModel.DataAnnotations;
using Leaderboard.Api.Catalogue;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Archive;

internal static class ExportEndpoints
{
    public static void MapExport(this IEndpointRouteBuilder api) =>
        api.MapGetAndHead("/evaluation-tables.json", ExportEvaluationTables).WithName("ExportEvaluationTables")
            .WithTags("Evaluation tables")
            .Produces<IReadOnlyList<ArchiveTask>>()
            .Refuses(Problems.ValidationFailed, Problems.RequestMalformed);

    /// <summary>Exports evaluation tables in the form of Papers With Code's <c>evaluation-tables</c>.</summary>
    /// <remarks>
    /// An array of tasks with their datasets, subtasks and rows, streamed. A table that is not the archive's has a field
    /// <c>leaderboard</c> with its id and origin, and so has each row of a benchmark's, with its <c>kind</c>. An import
    /// leaves out what has it and is here already.
    /// </remarks>
    /// <param name="origin">Only tables of this origin: archive, user, benchmark; all by default.</param>
    internal static async Task ExportEvaluationTables(
        HttpContext http,
        NpgsqlDataSource db,
        [AllowedValues("archive", "user", "benchmark")]
        string? origin,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        errors.Require(
            origin is null or "archive" or "user" or "benchmark", "origin", "must be archive, user or benchmark");
        errors.ThrowIfAny();
        // Others' tables stand below tasks of the archive's.
        Attribution.SetLicenceLink(http);
        http.Response.ContentType = "application/json; charset=utf-8";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await TableExport.WriteAsync(db, origin, http.Response.Body, cancellationToken);
        }
    }
}
