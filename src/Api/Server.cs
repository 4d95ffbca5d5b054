using Hangfire;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Benchmarks;
using Leaderboard.Api.Checkpoints;
using Leaderboard.Api.Comparisons;
using Leaderboard.Api.Evaluations;
using Leaderboard.Api.Evaluations.Events;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Leaderboards;
using Leaderboard.Api.Submissions;
using Leaderboard.Api.Webhooks;
using Leaderboard.Shared;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Hosting;
using Microsoft.AspNetCore.Authentication;

namespace Leaderboard.Api;

/// <summary>The HTTP server, put together.</summary>
internal static class Server
{
    /// <summary>Any body but a checkpoint's, in bytes.</summary>
    private const int MaxBodyBytes = 1 << 20;

    public static WebApplication Build(string[] args, LeaderboardFolders folders)
    {
        // Its settings lie beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var connectionString = Settings.ConnectionString(builder.Configuration);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });

        builder.Services.AddNpgsqlDataSource(connectionString);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(folders);
        builder.Services.AddSingleton<CheckpointStore>();
        builder.Services.AddSingleton<CheckpointReceiver>();
        builder.Services.AddSingleton<SubmissionReader>();
        builder.Services.AddOptions<UploadOptions>()
            .BindConfiguration(UploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<EventOptions>()
            .BindConfiguration(EventOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<EvaluationWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EvaluationWatch>());
        builder.Services.AddSingleton<EventStream>();
        builder.Services.AddWebhooks();

        // Registered before Hangfire's own, which would go through a global: one process may hold several servers.
        builder.Services.AddSingleton<JobStorage>(_ => HangfireStorage.Open(connectionString));
        builder.Services.AddHangfire(hangfire => hangfire.UseLeaderboardSerialization());
        builder.Services.AddSingleton<WorkQueues>();

        builder.Services.ConfigureHttpJsonOptions(json => LeaderboardJson.Apply(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<ProblemWriter>();
        builder.Services.AddLeaderboardOpenApi();

        builder.Services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(Scopes.Submit, policy => policy.RequireClaim(Caller.ScopeClaim, Scopes.Submit))
            .AddPolicy(
                Scopes.SubmitOrAdmin, policy => policy.RequireClaim(Caller.ScopeClaim, Scopes.Submit, Scopes.Admin))
            .AddPolicy(Scopes.Admin, policy => policy.RequireClaim(Caller.ScopeClaim, Scopes.Admin));

        var app = builder.Build();
        app.UseStatusCodePages(ProblemWriter.WriteBareStatusAsync);
        app.UseExceptionHandler(_ => { });
        app.UseAuthentication();
        app.UseAuthorization();
        Map(app);

        var store = app.Services.GetRequiredService<CheckpointStore>();
        store.RemoveAbandoned(olderThan: TimeSpan.FromDays(1), app.Services.GetRequiredService<TimeProvider>());
        return app;
    }

    private static void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapSubmissions();
        api.MapCheckpoints();
        api.MapEvaluations();
        api.MapWebhooks();
        api.MapComparisons();
        api.MapBenchmarks();
        api.MapLeaderboards();
        api.MapApiKeys();

        app.MapHealth();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.UseSwaggerUI(ui =>
        {
            ui.DocumentTitle = "Leaderboard";
            ui.SwaggerEndpoint("/openapi/v1.json", "Leaderboard, version 1");
        });
        app.MapHangfireDashboardWithAuthorizationPolicy(
            Scopes.Admin,
            "/hangfire",
            new DashboardOptions { IsReadOnlyFunc = _ => true, DashboardTitle = "Leaderboard: jobs" });
        app.MapGet("/", () => TypedResults.Redirect("/swagger")).ExcludeFromDescription();
    }
}
