using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

internal static class MetricEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder api)
    {
        var metrics = api.MapGroup("/evaluations/{evaluation_id}/metrics").WithTags("Evaluations");
        metrics.MapGetAndHead("/", ListMetrics).WithName("EvaluationsMetricsList");
        metrics.MapGetAndHead("/{metric_id}/", GetMetric).WithName("EvaluationsMetricsRead");
        metrics.MapPost("/", AddMetric).WithName("EvaluationsMetricsCreate").RequireAuthorization(Scopes.SubmitOrAdmin)
            .Accepts<MetricCreate>("application/json").Refuses(Problems.OwnerRequired);
        metrics.MapPatch("/{metric_id}/", UpdateMetric).WithName("EvaluationsMetricsPartialUpdate")
            .RequireAuthorization(Scopes.SubmitOrAdmin).Accepts<MetricUpdate>("application/json")
            .Refuses(Problems.OwnerRequired);
        metrics.MapDelete("/{metric_id}/", DeleteMetric).WithName("EvaluationsMetricsDelete")
            .RequireAuthorization(Scopes.SubmitOrAdmin).Refuses(Problems.OwnerRequired);
    }

    /// <summary>Lists the metrics of an evaluation table; the first is the one that it is ranked by.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    internal static async Task<Ok<NumberedPage<Metric>>> ListMetrics(
        [FromRoute(Name = "evaluation_id")] string evaluationId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListMetricsAsync(evaluationId, page, cancellationToken));

    /// <summary>Shows a metric of an evaluation table.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    /// <param name="metricId">Id of the metric.</param>
    internal static async Task<Ok<Metric>> GetMetric(
        [FromRoute(Name = "evaluation_id")] string evaluationId,
        [FromRoute(Name = "metric_id")] string metricId,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.GetMetricAsync(evaluationId, metricId, cancellationToken));

    /// <summary>Adds a metric to an evaluation table of one's own.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    internal static async Task<Created<Metric>> AddMetric(
        [FromRoute(Name = "evaluation_id")] string evaluationId, HttpContext http, NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var fields = await Fields.ReadAsync(http, isUpdate: false, cancellationToken);
        var added = await db.AddMetricAsync(evaluationId, fields, Caller.Of(http.User), cancellationToken);
        return TypedResults.Created($"{EvaluationEndpoints.AddressOf(evaluationId)}metrics/{added.Id}/", added);
    }

    /// <summary>Changes a metric of an evaluation table of one's own.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    /// <param name="metricId">Id of the metric.</param>
    internal static async Task<Ok<Metric>> UpdateMetric(
        [FromRoute(Name = "evaluation_id")] string evaluationId,
        [FromRoute(Name = "metric_id")] string metricId,
        HttpContext http,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var fields = await Fields.ReadAsync(http, isUpdate: true, cancellationToken);
        return TypedResults.Ok(await db.UpdateMetricAsync(
            evaluationId, metricId, fields, Caller.Of(http.User), cancellationToken));
    }

    /// <summary>Deletes a metric of an evaluation table of one's own, with its figures.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    /// <param name="metricId">Id of the metric.</param>
    internal static async Task<NoContent> DeleteMetric(
        [FromRoute(Name = "evaluation_id")] string evaluationId,
        [FromRoute(Name = "metric_id")] string metricId,
        HttpContext http,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        await db.DeleteMetricAsync(evaluationId, metricId, Caller.Of(http.User), cancellationToken);
        return TypedResults.NoContent();
    }
}
