using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>The Cli, whose client is generated from the OpenAPI document, against a running installation.</summary>
public sealed class FromATerminalTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task A_checkpoint_is_submitted_watched_ranked_and_compared()
    {
        await DemoImages.RenderAsync(installation);
        await installation.DefineAsync(DemoImages.Definition(installation));
        Assert.Matches("demo-webvision +1 +classify +10 +top1_accuracy", await RunAsync(0, "benchmarks"));

        foreach (var precision in (string[])["float32", "bfloat16"])
        {
            var watched = await RunAsync(
                0, "submit", DemoImages.Checkpoint, "--model-name", $"from-a-terminal-{precision}", "--benchmark", "demo-webvision",
                "--precision", precision, "--claim", "demo-webvision:top1_accuracy=84%", "--watch");
            Assert.Matches(@"demo-webvision +top1_accuracy +8\d\.\d+ .* +300", watched);
        }

        Assert.Matches(@"from-a-terminal-float32 +84\.67 .* verified +84\.0", await RunAsync(0, "board", "demo-webvision"));
        var board = JsonNode.Parse(await RunAsync(0, "board", "demo-webvision", "--json"))!;
        Assert.StartsWith("rank,model_name,", await RunAsync(0, "board", "demo-webvision", "--csv"), StringComparison.Ordinal);
        var evaluations = board["entries"]!.AsArray().Select(entry => (string)entry!["evaluation"]!).ToList();
        Assert.Contains("McNemar's exact test: p = ", await RunAsync(0, "compare", evaluations[0], evaluations[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_servers_words()
    {
        var unknown = await RunAsync(2, "board", "nothing");
        Assert.Matches(new Regex(@"^There is no such benchmark\. \(benchmark_unknown\)\n.*nothing", RegexOptions.Singleline), unknown);
        var invalid = await RunAsync(2, "submit", DemoImages.Checkpoint, "--model-name", " ", "--benchmark", "nothing");
        Assert.Contains("  model_name: must be 1 to 200 characters", invalid, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(int expected, params string[] arguments)
    {
        using var cli = Program.Start("Cli", arguments, new()
        {
            ["LEADERBOARD_URL"] = installation.Http.BaseAddress!.GetLeftPart(UriPartial.Authority),
            ["LEADERBOARD_API_KEY"] = installation.Http.DefaultRequestHeaders.Authorization!.Parameter!,
        });
        await cli.ExitsAsync(expected);
        return cli.Output;
    }
}
