using Leaderboard.Tests.Support;

namespace Leaderboard.Api.Tests;

/// <summary>What is made from the OpenAPI document by others' tools, at work against the server.</summary>
public sealed class GeneratedClientsTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redocly_finds_nothing_to_complain_of()
    {
        using var folder = new TemporaryFolder();
        var document = await FetchAsync(folder);
        var (exitCode, output) = await NodeScripts.RunAsync("redocly", ["lint", document, "--config", "redocly.yaml"]);
        Assert.True(exitCode == 0, output);
        Assert.Contains("Your API description is valid.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_typescript_client_compiles_and_talks_to_the_server()
    {
        await api.CreateBenchmarkAsync("for-typescript");
        await api.ReportAsync("for-typescript", "published", 0.75);
        using var folder = new TemporaryFolder();
        var document = await FetchAsync(folder);

        await RunAsync("openapi-typescript", document, "--default-non-nullable=false", "-o", "leaderboard.ts");
        await RunAsync("tsc", "--outDir", "out");
        var output = await RunAsync(
            "node", "out/client.js", api.Address.GetLeftPart(UriPartial.Authority), api.AdminKey, "for-typescript");

        Assert.Equal(
            [
                "benchmarks for-typescript@1", "checkpoint safetensors 66", "submission from-typescript queued",
                "board 1 published 0.75", "problem 404 evaluation_unknown", "",
            ],
            output.Split('\n'));
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (exitCode, output) = await NodeScripts.RunAsync(program, arguments);
        Assert.True(exitCode == 0, $"{program}: {output}");
        return output;
    }

    private async Task<string> FetchAsync(TemporaryFolder folder)
    {
        var file = folder.At("openapi.json");
        await File.WriteAllTextAsync(file, await api.Anonymous.GetStringAsync("/openapi/v1.json", Token), Token);
        return file;
    }
}
