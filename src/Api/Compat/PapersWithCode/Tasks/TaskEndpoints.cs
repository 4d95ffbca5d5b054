using Leaderboard.Api.Accounts;
using Leaderboard.Api.Compat.PapersWithCode.Evaluations;
using Leaderboard.Api.Compat.PapersWithCode.Papers;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Tasks;

internal static class TaskEndpoints
{
    public static void MapTasks(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("Tasks");
        tasks.MapGetAndHead("/", ListTasks).WithName("TasksList");
        tasks.MapGetAndHead("/{task_id}/", GetTask).WithName("TasksRead");
        tasks.MapGetAndHead("/{task_id}/parents/", ListParents).WithName("TasksParentsList");
        tasks.MapGetAndHead("/{task_id}/children/", ListChildren).WithName("TasksChildrenList");
        tasks.MapGetAndHead("/{task_id}/papers/", ListPapersOfTask).WithName("TasksPapersList");
        tasks.MapGetAndHead("/{task_id}/evaluations/", ListTablesOfTask).WithName("TasksEvaluationsList");
        tasks.MapPost("/", AddTask).WithName("TasksCreate").RequireAuthorization(Scopes.SubmitOrAdmin)
            .Accepts<ResearchTaskCreate>("application/json");
        tasks.MapPatch("/{task_id}/", UpdateTask).WithName("TasksPartialUpdate").RequireAuthorization(Scopes.SubmitOrAdmin)
            .Accepts<ResearchTaskUpdate>("application/json").Refuses(Problems.OwnerRequired);
        tasks.MapDelete("/{task_id}/", DeleteTask).WithName("TasksDelete").RequireAuthorization(Scopes.SubmitOrAdmin)
            .Refuses(Problems.OwnerRequired, OwnObjects.InUse);
    }

    /// <summary>Lists tasks.</summary>
    /// <param name="q">Part of the name.</param>
    /// <param name="name">Part of the name.</param>
    /// <param name="ordering">A field to order by, with <c>-</c> before it the other way round: id, name.</param>
    internal static async Task<Ok<NumberedPage<ResearchTask>>> ListTasks(
        string? q,
        string? name,
        string? ordering,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListTasksAsync(q, name, ordering, page, cancellationToken));

    /// <summary>Shows a task.</summary>
    /// <param name="taskId">Id of the task.</param>
    internal static async Task<Ok<ResearchTask>> GetTask(
        [FromRoute(Name = "task_id")] string taskId, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.GetTaskAsync(taskId, cancellationToken));

    /// <summary>Lists the tasks that a task is a part of.</summary>
    /// <param name="taskId">Id of the task.</param>
    internal static async Task<Ok<NumberedPage<ResearchTask>>> ListParents(
        [FromRoute(Name = "task_id")] string taskId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        await db.GetTaskAsync(taskId, cancellationToken);
        return TypedResults.Ok(await db.ListParentsAsync(taskId, page, cancellationToken));
    }

    /// <summary>Lists the tasks that are a part of a task.</summary>
    /// <param name="taskId">Id of the task.</param>
    internal static async Task<Ok<NumberedPage<ResearchTask>>> ListChildren(
        [FromRoute(Name = "task_id")] string taskId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        await db.GetTaskAsync(taskId, cancellationToken);
        return TypedResults.Ok(await db.ListChildrenAsync(taskId, page, cancellationToken));
    }

    /// <summary>Lists a task's papers, the newest first.</summary>
    /// <param name="taskId">Id of the task.</param>
    internal static async Task<Ok<NumberedPage<Paper>>> ListPapersOfTask(
        [FromRoute(Name = "task_id")] string taskId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        await db.GetTaskAsync(taskId, cancellationToken);
        return TypedResults.Ok(await db.ListPapersAsync(
            "papers p join paper_tasks t on t.paper_id = p.id where t.task_id = @taskId", PaperQueries.Order,
            new { taskId }, page, cancellationToken));
    }

    /// <summary>Lists the evaluation tables of a task.</summary>
    /// <param name="taskId">Id of the task.</param>
    internal static async Task<Ok<NumberedPage<EvaluationTable>>> ListTablesOfTask(
        [FromRoute(Name = "task_id")] string taskId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        await db.GetTaskAsync(taskId, cancellationToken);
        return TypedResults.Ok(await db.ListTablesAsync(taskId, datasetId: null, page, cancellationToken));
    }

    /// <summary>Adds a task.</summary>
    internal static async Task<Created<ResearchTask>> AddTask(
        HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var fields = await Fields.ReadAsync(http, isUpdate: false, cancellationToken);
        var task = await db.AddTaskAsync(fields, Caller.UserIdOf(http.User), cancellationToken);
        return TypedResults.Created($"{PapersWithCodeApi.Root}/tasks/{Uri.EscapeDataString(task.Id)}/", task);
    }

    /// <summary>Changes a task that one has added oneself.</summary>
    /// <param name="taskId">Id of the task.</param>
    internal static async Task<Ok<ResearchTask>> UpdateTask(
        [FromRoute(Name = "task_id")] string taskId, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var fields = await Fields.ReadAsync(http, isUpdate: true, cancellationToken);
        return TypedResults.Ok(await db.UpdateTaskAsync(taskId, fields, Caller.Of(http.User), cancellationToken));
    }

    /// <summary>Deletes a task that one has added oneself, as long as nothing refers to it.</summary>
    /// <param name="taskId">Id of the task.</param>
    internal static async Task<NoContent> DeleteTask(
        [FromRoute(Name = "task_id")] string taskId, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await db.DeleteTaskAsync(taskId, Caller.Of(http.User), cancellationToken);
        return TypedResults.NoContent();
    }
}
