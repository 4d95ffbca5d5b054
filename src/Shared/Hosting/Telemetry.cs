using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Resources;

namespace Leaderboard.Shared.Hosting;

/// <summary>OpenTelemetry, set up alike in every process.</summary>
public static class Telemetry
{
    /// <summary>Name of the meter and of the source of spans that are ours.</summary>
    public const string Name = "Leaderboard";

    /// <summary>Where to send traces, metrics and logs; nothing is sent where it is not set.</summary>
    public const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Counts what this process does, and sends it with traces and logs where an endpoint is set. The other variables
    /// of OpenTelemetry's specification, <c>OTEL_…</c>, mean what they say there.
    /// </summary>
    public static OpenTelemetryBuilder AddLeaderboardTelemetry(
        this IServiceCollection services, IConfiguration configuration, string service)
    {
        var telemetry = services.AddOpenTelemetry()
            // What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say goes before.
            .ConfigureResource(resource => resource.Clear()
                .AddTelemetrySdk().AddService(service).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics.AddMeter(Name, "Npgsql", "System.Runtime"));
        if (configuration[EndpointKey] is { Length: > 0 } endpoint)
        {
            if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                throw new SettingException($"{EndpointKey} must be an http or https address, not '{endpoint}'.");
            }
            telemetry.WithTracing(traces => traces.AddSource(Name).AddNpgsql()).UseOtlpExporter();
        }
        return telemetry;
    }
}
