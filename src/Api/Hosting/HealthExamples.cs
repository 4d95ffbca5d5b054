namespace Leaderboard.Api.Hosting;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class HealthExamples
{
    public static readonly Health Alive = new("alive");

    public static readonly Readiness Ready = new("ready", []);
}
