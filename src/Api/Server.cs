using Dapper;
using Hangfire;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Archive;
using Leaderboard.Api.Badges;
using Leaderboard.Api.Benchmarks;
using Leaderboard.Api.Catalogue.Datasets;
using Leaderboard.Api.Catalogue.Methods;
using Leaderboard.Api.Catalogue.Papers;
using Leaderboard.Api.Catalogue.Tasks;
using Leaderboard.Api.Checkpoints;
using Leaderboard.Api.Comparisons;
using Leaderboard.Api.Compat.PapersWithCode;
using Leaderboard.Api.Evaluations;
using Leaderboard.Api.Evaluations.Events;
using Leaderboard.Api.EvaluationTables;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Leaderboards;
using Leaderboard.Api.Quotas;
using Leaderboard.Api.Results;
using Leaderboard.Api.Search;
using Leaderboard.Api.Submissions;
using Leaderboard.Api.Uploads;
using Leaderboard.Api.Webhooks;
using Leaderboard.Shared;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Leaderboard.Api;

/// <summary>The HTTP server, put together.</summary>
internal static class Server
{
    /// <summary>Any body but a checkpoint's, in bytes.</summary>
    private const int MaxBodyBytes = 1 << 20;

    private const string CompileNothing = "set jit = off";

    public static WebApplication Build(string[] args, LeaderboardFolders folders, TimeProvider? clock = null)
    {
        // Its settings lie beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        folders.MakeHome();
        var connectionString = Database.ConnectionString(builder.Configuration, Settings.Connections);
        builder.Logging.AddLeaderboardConsole(builder.Configuration);
        builder.AddApiTelemetry();
        builder.AddShutdown();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxRequestLineSize = RequestRules.MaxLineBytes;
        });

        builder.Services.AddNpgsqlDataSource(connectionString, source =>
        {
            source.Name = Database.Name;
            // What a request sets is set for its transaction alone. The reset would throw away the plans of functions and triggers.
            source.ConnectionStringBuilder.NoResetOnClose = true;
            // No request reads so much that it would pay to compile its statement to machine code.
            source.UsePhysicalConnectionInitializer(
                connection => connection.Execute(CompileNothing), connection => connection.ExecuteAsync(CompileNothing));
        });
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton(folders);
        builder.Services.AddSingleton<CheckpointStore>();
        builder.Services.AddSingleton<Admission>();
        builder.Services.AddSingleton<CheckpointReceiver>();
        builder.Services.AddSingleton<SubmissionReader>();
        builder.Services.AddUploads();
        builder.Services.AddHostedService<Leftovers>();
        builder.Services.AddOptions<UploadOptions>()
            .BindConfiguration(UploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section).ValidateOnStart();
        builder.Services.AddOptions<QuotaOptions>()
            .BindConfiguration(QuotaOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<UserQuotas>();
        builder.Services.AddSingleton<LastUse>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LastUse>());
        builder.Services.AddRateLimits();

        builder.Services.AddLeaderboards();
        builder.Services.AddOptions<EventOptions>()
            .BindConfiguration(EventOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<EvaluationWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EvaluationWatch>());
        builder.Services.AddSingleton<EventStream>();
        builder.Services.AddWebhooks();
        builder.Services.AddSearch();

        // Registered before Hangfire's own, which would go through a global: one process may hold several servers.
        builder.Services.AddSingleton<JobStorage>(_ => HangfireStorage.Open(connectionString));
        builder.Services.AddHangfire(hangfire => hangfire.UseLeaderboardSerialization());
        builder.Services.AddSingleton<WorkQueues>();

        builder.Services.ConfigureHttpJsonOptions(json => LeaderboardJson.Apply(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<ProblemWriter>();
        builder.Services.AddLeaderboardOpenApi();
        builder.Services.AddPapersWithCode();

        builder.Services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(Scopes.Read, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Scopes.Submit, policy => policy.RequireClaim(Caller.ScopeClaim, Scopes.Submit))
            .AddPolicy(
                Scopes.SubmitOrAdmin, policy => policy.RequireClaim(Caller.ScopeClaim, Scopes.Submit, Scopes.Admin))
            .AddPolicy(Scopes.Admin, policy => policy.RequireClaim(Caller.ScopeClaim, Scopes.Admin));

        var app = builder.Build();
        // Now, before the host would log a stack trace of it.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.UseKnownProxies();
        app.UseTus();
        app.UseRouting();
        app.UseStatusCodePages(ProblemWriter.WriteBareStatusAsync);
        app.UseExceptionHandler(_ => { });
        app.UseRequestRules();
        app.UseAuthentication();
        app.UseRateLimits();
        app.Use(ApiKeyAuthentication.RefuseBadKeyAsync);
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
        api.MapUploads();
        api.MapEvaluations();
        api.MapWebhooks();
        api.MapComparisons();
        api.MapBenchmarks();
        api.MapLeaderboards();
        api.MapResults();
        api.MapEvaluationTables();
        api.MapExport();
        api.MapSearch();
        api.MapBadges();
        api.MapTasks();
        api.MapDatasets();
        api.MapPapers();
        api.MapMethods();
        api.MapApiKeys();
        api.MapMe();
        api.MapOwnKeys();
        api.MapUsers();
        api.MapRegistrations();

        app.MapPapersWithCode();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.UseSwaggerUI(ui =>
        {
            ui.DocumentTitle = "Leaderboard";
            ui.SwaggerEndpoint("/openapi/v1.json", "Leaderboard, version 1");
            ui.SwaggerEndpoint($"/openapi/{PapersWithCodeApi.Document}.json", "Papers With Code, as its clients call it");
        });
        app.MapHangfireDashboardWithAuthorizationPolicy(
            Scopes.Admin,
            "/hangfire",
            new DashboardOptions { IsReadOnlyFunc = _ => true, DashboardTitle = "Leaderboard: jobs" });
        app.MapGet("/", () => TypedResults.Redirect("/swagger")).ExcludeFromDescription();
    }
}
