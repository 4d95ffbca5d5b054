using System.Collections;
using Dapper;
using Leaderboard.Evaluator.Metrics;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Tests.Datasets;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Hosting;
using Leaderboard.Shared.Statistics;
using Leaderboard.Tests.Support;
using Npgsql;

namespace Leaderboard.Evaluator.Tests.Worker;

public sealed class RecordingAnOutcomeTests : IAsyncLifetime
{
    private static readonly BenchmarkDefinition Toy = Definitions.Of(Layouts.ImageFolder, classCount: 2);

    private TestDatabase database = null!;
    private NpgsqlDataSource db = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database.UseSnakeCaseColumns();
        database = await TestDatabase.CreateAsync();
        db = NpgsqlDataSource.Create(database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await db.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Bits_and_the_methods_of_intervals_are_kept_beside_the_scores()
    {
        var evaluation = await ClaimAsync();
        Score[] scores =
        [
            new(Metric.Top1Accuracy, 0.6, WilsonInterval.Of(6, 10), 6, 10),
            new(Metric.MeanPerClassAccuracy, 0.5, StratifiedMean.Interval([(1, 2), (5, 8)]), null, 10),
            new("mean_average_precision", 0.5, Interval: null, null, 10),
        ];
        // More than a byte, and not the same from both ends.
        var correct = new BitArray([true, true, false, true, false, true, true, false, false, true]);
        var manifest = await ScalarAsync<Guid>(
            "insert into manifests (benchmark_id, sha256, sample_count) values (@BenchmarkId, 'aa', 10) returning id",
            evaluation);

        var predictions = Enumerable.Repeat(new Prediction([0, 1], 0.5f), 10).ToList();
        var outcome = new EvaluationOutcome(
            scores, predictions, correct, EvaluationRows.Provenance(Toy.EvalTransform), manifest, SampleCount: 10);

        Assert.True(await db.RecordAsync(evaluation, outcome));
        Assert.Equal("1101011001", await ScalarAsync<string>("select correct::text from predictions"));
        foreach (var table in (string[])["scores", "results"])
        {
            Assert.Equal("none stratified_wilson wilson", await ScalarAsync<string>(
                $"select string_agg(coalesce(interval_method, 'none'), ' ' order by metric = 'top1_accuracy', metric) from {table}"));
        }
        Assert.False(await db.RecordAsync(evaluation, outcome));
    }

    private async Task<ClaimedEvaluation> ClaimAsync() =>
        (await db.ClaimAsync(await db.AddEvaluationAsync(Toy), "w1", Token))!;

    private async Task<T?> ScalarAsync<T>(string sql, object? row = null)
    {
        await using var connection = await db.OpenConnectionAsync(Token);
        return await connection.ExecuteScalarAsync<T>(sql, row);
    }
}
