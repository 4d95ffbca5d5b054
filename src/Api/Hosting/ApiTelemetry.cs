using Leaderboard.Shared.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Leaderboard.Api.Hosting;

/// <summary>What the Api counts and traces: requests, and for the whole installation the state of its queue.</summary>
internal static class ApiTelemetry
{
    private static readonly PathString[] Unremarkable = ["/metrics", "/healthz", "/readyz"];

    public static void AddApiTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<InstallationMetrics>();
        builder.Services.AddLeaderboardTelemetry(builder.Configuration, "leaderboard-api")
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddInstrumentation(services => services.GetRequiredService<InstallationMetrics>())
                .AddPrometheusExporter());
        if (builder.Configuration[Telemetry.EndpointKey] is { Length: > 0 })
        {
            builder.Services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddAspNetCoreInstrumentation(
                options => options.Filter = http => !Unremarkable.Contains(http.Request.Path)));
        }
    }
}
