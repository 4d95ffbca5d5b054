using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Catalogue.Tasks;

internal static class TaskEndpoints
{
    public static void MapTasks(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("Tasks");
        tasks.MapGetAndHead("/", ListTasks).WithName("ListTasks")
            .Refuses(Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid);
        tasks.MapGetAndHead("/{id}", GetTask).WithName("GetTask").Refuses(Problems.TaskUnknown);
    }

    /// <summary>Lists tasks by name.</summary>
    /// <param name="q">Only those with this in their name, in whatever case; 1 to 200 characters.</param>
    /// <param name="area">Only those of this area, by id or name.</param>
    /// <param name="parent">Only the parts of this task, by id.</param>
    /// <param name="dataset">Only those that are done on this dataset, by id.</param>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task<Ok<Page<TaskSummary>>> ListTasks(
        HttpContext http,
        NpgsqlDataSource db,
        string? q,
        string? area,
        string? parent,
        string? dataset,
        int? limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        errors.CheckFilters(("q", q), ("area", area), ("parent", parent), ("dataset", dataset));
        errors.ThrowIfAny();
        var page = await db.ListTasksAsync(
            new TaskFilter(q, area, parent, dataset), Cursor.Limit(limit), cursor, cancellationToken);
        Cursor.SetNextLink(http, page.Next);
        Attribution.SetLicenceLink(http);
        return TypedResults.Ok(page);
    }

    /// <summary>Shows a task with all that belongs to it.</summary>
    /// <param name="id">Id of the task.</param>
    internal static async Task<Ok<TaskPage>> GetTask(
        string id, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var task = await db.FindTaskAsync(id, cancellationToken)
            ?? throw Problems.TaskUnknown.Because($"There is no task '{id}'.");
        Attribution.SetLicenceLink(http);
        return TypedResults.Ok(task);
    }
}
