using Dapper;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Leaderboard.Evaluator.Operator;

/// <summary><c>Evaluator datasets …</c>: what an operator does with a dataset before anybody's evaluation needs it.</summary>
internal static class DatasetsCommand
{
    private const int Found = 0;
    private const int Wrong = 1;
    private const int Unusable = 2;

    /// <summary>Walks a benchmark's dataset and reports what is wrong with it; 0 where nothing is.</summary>
    public static Task<int> VerifyAsync(string benchmark) => RunAsync(benchmark, async (services, stored) =>
    {
        var verification = ActivatorUtilities.CreateInstance<DatasetVerification>(services);
        var report = await verification.RunAsync(stored.Id, stored.Definition);
        await services.GetRequiredService<NpgsqlDataSource>().SaveVerificationAsync(stored.Id, report);
        VerificationText.Print(report);
        return report.IsSound ? Found : Wrong;
    });

    /// <summary>Decodes and transforms a benchmark's images, as its first evaluation would.</summary>
    public static Task<int> PackAsync(string benchmark) => RunAsync(benchmark, async (services, stored) =>
    {
        var (manifests, packer) = (services.GetRequiredService<DatasetManifests>(), services.GetRequiredService<ImagePacker>());
        var parts = SplitsToLearn.ReadParts(stored.Definition, services.GetRequiredService<LeaderboardFolders>().Datasets);
        foreach (var part in parts)
        {
            using var packed = await ProgressBar.ShowAsync($"{part}: checking", total: null, async bar =>
            {
                var dataset = await manifests.OpenPartAsync(stored.Id, stored.Definition, part, CancellationToken.None);
                if (stored.Definition.Protocol == Protocol.LowShotSvm && part.Split == Split.Train)
                {
                    dataset = DrawnTrain.Of(stored.Definition, dataset).Images;
                }
                bar.Restart($"{part}: packing", dataset.Samples.Count);
                return await packer.OpenAsync(
                    dataset, stored.Definition.EvalTransform, step => bar.Report(step.Done), CancellationToken.None);
            });
            if (packed is null)
            {
                Console.Error.WriteLine(
                    $"{part} is not packed: there is no room (Evaluator__CacheBytes, and a tenth of the disk stays free), "
                    + "another process packs it, or packing failed, which is told above.");
                return Wrong;
            }
            Console.WriteLine($"{part}: {packed.Record.Count} images of {packed.Record.Size} in {packed.ImagesFile}");
        }
        return Found;
    });

    private const string Find = """
        select id, definition::text as definition_json
        from benchmarks
        where name = @name and (@version::text is null or version = @version)
        order by created_at desc
        limit 1
        """;

    private static async Task<int> RunAsync(
        string reference, Func<IServiceProvider, StoredBenchmark, Task<int>> command)
    {
        Database.UseSnakeCaseColumns();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        if (WorkerSettings.Read(builder.Configuration) is not { } settings)
        {
            return Unusable;
        }
        builder.Services.AddEvaluating(settings, LeaderboardFolders.FromEnvironment(), Sandbox.Probe());
        using var host = builder.Build();
        try
        {
            if (await FindAsync(host.Services.GetRequiredService<NpgsqlDataSource>(), reference) is not { } stored)
            {
                await Console.Error.WriteLineAsync($"There is no benchmark '{reference}'.");
                return Unusable;
            }
            return await command(host.Services, stored);
        }
        catch (EvaluationFailedException failure)
        {
            await Console.Error.WriteLineAsync($"{failure.Code}: {failure.Message}");
            return Wrong;
        }
        catch (Exception fault) when (fault is RunnerCrashedException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{fault.Message} {(fault as RunnerCrashedException)?.Log}");
            return Wrong;
        }
        catch (NpgsqlException away)
        {
            await Console.Error.WriteLineAsync($"The database does not answer: {away.Message}");
            return Unusable;
        }
    }

    // What follows takes hours, and this connection is not needed for it.
    private static async Task<StoredBenchmark?> FindAsync(NpgsqlDataSource db, string reference)
    {
        var (name, version) = BenchmarkReference.Parse(reference);
        await using var connection = await db.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<StoredBenchmark>(Find, new { name, version });
    }

    private sealed record StoredBenchmark(Guid Id, string DefinitionJson)
    {
        public BenchmarkDefinition Definition { get; } = LeaderboardJson.Parse<BenchmarkDefinition>(DefinitionJson);
    }
}
