using System.Text.Json;
using System.Text.RegularExpressions;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>What an operator sees of an installation: metrics, traces, logs.</summary>
public sealed class OperatingTests : IAsyncLifetime
{
    private readonly Collector collector = new(Installation.FreePort());
    private readonly Installation installation;

    public OperatingTests() => installation = new Installation
    {
        Settings = new(collector.Settings) { ["Logging__Console__FormatterName"] = "json" },
    };

    public async ValueTask InitializeAsync()
    {
        await installation.InitializeAsync();
        await DemoImages.RenderAsync(installation);
    }

    public async ValueTask DisposeAsync()
    {
        await installation.DisposeAsync();
        collector.Dispose();
    }

    [Fact]
    public async Task It_counts_traces_and_logs_what_becomes_of_evaluations()
    {
        await installation.DefineAsync(DemoImages.Definition(installation));
        await installation.DefineAsync(DemoImages.Definition(installation, other =>
        {
            other["name"] = "elsewhere";
            other["path"] = "nowhere";
        }));
        var ids = await installation.SubmitAsync(DemoImages.Checkpoint, ["demo-webvision", "elsewhere"]);
        Assert.Equal("succeeded", Installation.State(await installation.EndOfAsync(ids[0])));
        Assert.Equal("dataset_missing", Installation.FailureCode(await installation.EndOfAsync(ids[1])));

        await ScrapeAsync();
        await SentAsync(ids[0]);
        Logged(ids[0]);
    }

    private async Task ScrapeAsync()
    {
        var metrics = "";
        await Poll.UntilAsync("the outcomes are counted", TimeSpan.FromSeconds(30), async () =>
        {
            metrics = await installation.Http.GetStringAsync("/metrics");
            return Value(metrics, "leaderboard_evaluations_finished_total", "state=\"succeeded\"") == 1;
        });
        Assert.Equal(1, Value(metrics, "leaderboard_evaluations_finished_total", "failure_code=\"dataset_missing\""));
        Assert.Contains("pool_name=\"leaderboard\"", metrics);
        Assert.DoesNotContain("Host=", metrics);
        Assert.Equal(0, Value(metrics, "leaderboard_evaluations_unfinished", "state=\"queued\""));
        Assert.Equal(1, Value(metrics, "leaderboard_workers", "device=\"cpu\""));
        Assert.Equal(300, Value(metrics, "leaderboard_images_evaluated_total", ""));
        Assert.Equal(0, Value(metrics, "leaderboard_queue_age_seconds", ""));
        Assert.Equal(1, Value(metrics, "http_server_request_duration_seconds_count", "http_route=\"/api/v1/submissions/\""));
    }

    private Task SentAsync(string evaluation) => Poll.UntilAsync(
        "everything has reached the collector", TimeSpan.FromSeconds(30), () => Task.FromResult(
            collector.Has("traces", "leaderboard-api", "/api/v1/submissions", evaluation)
            && collector.Has("traces", "leaderboard-evaluator", "evaluate", evaluation)
            && collector.Has("metrics", "leaderboard-api", "http.server.request.duration", "leaderboard.evaluations.finished")
            && collector.Has("metrics", "leaderboard-evaluator", "leaderboard.evaluation.duration", "dataset_missing")
            && collector.Has("logs", "leaderboard-evaluator", evaluation)));

    private void Logged(string evaluation)
    {
        var ends = installation.Worker.Output.Split('\n').Where(line => line.StartsWith('{'))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(entry => entry.GetProperty("State").TryGetProperty("EvaluationId", out var id) && id.GetString() == evaluation
                && entry.GetProperty("State").TryGetProperty("Outcome", out _));
        Assert.Equal("succeeded", Assert.Single(ends).GetProperty("State").GetProperty("Outcome").GetString());
    }

    private static double? Value(string metrics, string name, string label)
    {
        var line = metrics.Split('\n').FirstOrDefault(line =>
            Regex.IsMatch(line, $"^{name}[{{ ]") && line.Contains(label, StringComparison.Ordinal));
        return line is null ? null : double.Parse(
            Regex.Match(line, @"(?:\}| )\s*([0-9.e+-]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }
}
