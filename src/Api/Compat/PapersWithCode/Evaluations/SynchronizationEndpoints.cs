using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

internal static class SynchronizationEndpoints
{
    /// <summary>Of <see cref="SyncFields.MaxResults"/> rows with some thousand characters each.</summary>
    private const long MaxBodyBytes = 32 << 20;

    public static void MapSynchronization(this IEndpointRouteBuilder api) =>
        api.MapPost("/rpc/evaluation-synchronize/", SynchronizeTable).WithName("RpcEvaluationSynchronize").WithTags("Evaluations")
            .RequireAuthorization(Scopes.SubmitOrAdmin).Accepts<EvaluationTableSync>("application/json")
            .Refuses(Problems.BodyTooLarge);

    /// <summary>Makes an evaluation table of one's own hold what a table elsewhere holds now.</summary>
    /// <remarks>
    /// The table is found again by <c>external_id</c>, else by its task and dataset; metrics by their name, rows by their
    /// <c>external_id</c>, else by methodology and paper. What has changed is changed, what is new is added, and what is not
    /// sent any more is deleted: send all of the table. Sent again, the same changes nothing, and ids stay. At most 20,000
    /// results, 100 metrics and 32 MiB.
    /// </remarks>
    internal static async Task<Ok<EvaluationTableSynced>> SynchronizeTable(
        HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBodyBytes;
        var fields = await Fields.ReadAsync(http, isUpdate: false, cancellationToken);
        return TypedResults.Ok(await db.SynchronizeAsync(fields, Caller.Of(http.User), cancellationToken));
    }
}
