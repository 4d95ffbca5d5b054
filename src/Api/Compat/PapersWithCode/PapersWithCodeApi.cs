using Leaderboard.Api.Catalogue;
using Leaderboard.Api.Compat.PapersWithCode.Authors;
using Leaderboard.Api.Compat.PapersWithCode.Conferences;
using Leaderboard.Api.Compat.PapersWithCode.Datasets;
using Leaderboard.Api.Compat.PapersWithCode.Evaluations;
using Leaderboard.Api.Compat.PapersWithCode.Methods;
using Leaderboard.Api.Compat.PapersWithCode.Papers;
using Leaderboard.Api.Compat.PapersWithCode.Repositories;
using Leaderboard.Api.Compat.PapersWithCode.Tasks;

namespace Leaderboard.Api.Compat.PapersWithCode;

/// <summary>The REST API of Papers With Code as its own client calls it: its addresses, shapes, pages and errors.</summary>
internal static class PapersWithCodeApi
{
    public const string Root = "/compat/paperswithcode/api/v1";

    /// <summary>The OpenAPI document that describes it.</summary>
    public const string Document = "paperswithcode";

    public static void AddPapersWithCode(this IServiceCollection services)
    {
        services.AddSingleton<ListCounts>();
        services.AddPapersWithCodeOpenApi();
    }

    public static void MapPapersWithCode(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(Root).WithGroupName(Document);
        api.AddEndpointFilter((context, next) =>
        {
            Attribution.SetLicenceLink(context.HttpContext);
            return next(context);
        });
        api.MapSearch();
        api.MapPapers();
        api.MapRepositories();
        api.MapAuthors();
        api.MapConferences();
        api.MapAreas();
        api.MapTasks();
        api.MapDatasets();
        api.MapMethods();
        api.MapEvaluationTables();
        api.MapMetrics();
        api.MapTableResults();
        api.MapSynchronization();
    }

    public static bool Serves(HttpContext http) => http.Request.Path.StartsWithSegments(Root);

    /// <summary>What this API answers where an object of its address is not there.</summary>
    public static Hosting.RefusedException NotFound() => Hosting.Problems.NotFound.Because("Not found.");
}
