using System.Diagnostics;
using System.Text.RegularExpressions;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>Every recipe of <c>docs/api.md</c>, run in its order in one shell, prints what stands under it.</summary>
public sealed partial class RecipesTests : IAsyncLifetime
{
    private const string End = "-- the end of a recipe --";

    private readonly Installation installation = new();
    private readonly TemporaryFolder folder = new();

    public async ValueTask InitializeAsync()
    {
        await installation.InitializeAsync();
        await DemoImages.RenderAsync(installation);
        File.Copy(DemoImages.Checkpoint, folder.At("model.safetensors"));
    }

    public async ValueTask DisposeAsync()
    {
        await installation.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Every_recipe_does_what_it_says()
    {
        var text = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "api.md"), TestContext.Current.CancellationToken);
        var recipes = Recipe().Matches(text);
        Assert.True(recipes.Count >= 22, $"There are {recipes.Count} recipes.");
        // None that is written in another way, and so not run.
        Assert.Equal(text.Split("```sh\n").Length - 1, recipes.Count);

        var script = string.Concat(recipes.Select(recipe => $"{recipe.Groups["sh"].Value}echo '{End}'\n"));
        var outputs = (await RunAsync(script)).Split(End + "\n");
        Assert.Multiple([.. recipes.Select((recipe, index) => (Action)(() => Assert.Matches(
            $"^{Regex.Escape(recipe.Groups["text"].Value.TrimEnd()).Replace("…", ".*", StringComparison.Ordinal)}$",
            outputs.ElementAtOrDefault(index)?.TrimEnd() ?? "")))]);
    }

    private async Task<string> RunAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["URL"] = installation.Http.BaseAddress!.GetLeftPart(UriPartial.Authority),
                ["KEY"] = installation.Http.DefaultRequestHeaders.Authorization!.Parameter,
            },
        };
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(shell.ExitCode == 0, $"{output}\n{await errors}\n{installation.Worker.Output}");
        return output;
    }

    [GeneratedRegex("^```sh\n(?<sh>.*?)^```\n\n```text\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Recipe();
}
