using System.Text.Json;
using Dapper;
using Leaderboard.Evaluator.Metrics;
using Leaderboard.Evaluator.Tests.Datasets;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Shared.Hosting;
using Leaderboard.Shared.Statistics;
using Leaderboard.Tests.Support;
using Npgsql;

namespace Leaderboard.Evaluator.Tests.Worker;

/// <summary>An evaluation on several realms in a database, as the Api leaves it, and what workers do to it.</summary>
internal sealed class RealmsOfAnEvaluation : IAsyncDisposable
{
    private static readonly string Sha256 = new('a', 64);

    private readonly TestDatabase database;

    private RealmsOfAnEvaluation(TestDatabase database, NpgsqlDataSource db) => (this.database, Db) = (database, db);

    public NpgsqlDataSource Db { get; }

    public Guid Id { get; private set; }

    public static async Task<RealmsOfAnEvaluation> CreateAsync(int count)
    {
        Database.UseSnakeCaseColumns();
        var database = await TestDatabase.CreateAsync();
        var realms = new RealmsOfAnEvaluation(database, NpgsqlDataSource.Create(database.ConnectionString));
        await realms.InsertAsync(count);
        return realms;
    }

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>Claims every realm, each by a worker of its own.</summary>
    public async Task<IReadOnlyList<ClaimedEvaluation>> ClaimAllAsync()
    {
        var claimed = new List<ClaimedEvaluation>();
        foreach (var id in await QueryAsync<Guid>("select id from evaluations where parent_id = @Id order by realm_ordinal"))
        {
            claimed.Add((await Db.ClaimAsync(id, $"worker {claimed.Count}", TestContext.Current.CancellationToken))!);
        }
        return claimed;
    }

    /// <summary>Ends a realm's evaluation with so many right of ten.</summary>
    public Task<bool> RecordAsync(ClaimedEvaluation realm, int correct, bool isPartial = false, string split = "val") => Db.RecordAsync(
        realm,
        new EvaluationOutcome(
            [
                new Score(Metric.Top1Accuracy, correct / 10.0, WilsonInterval.Of(correct, 10), correct, 10),
                new Score(Metric.Top1AccuracyMaxOverTest, 1, null, 10, 10),
            ],
            Predictions: null,
            Correct: null,
            Provenance(realm),
            ManifestId: null,
            SampleCount: 10,
            split,
            isPartial));

    public async Task<string> StateAsync() =>
        (await QueryAsync<string>("select state from evaluations where id = @Id")).Single();

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql)
    {
        await using var connection = await Db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return (await connection.QueryAsync<T>(sql, new { Id })).AsList();
    }

    private static Provenance Provenance(ClaimedEvaluation realm) => new(
        Sha256, "resnet18", "recognised", 1000, "toy@1", realm.Realm!.Name, realm.Transform, false, "cpu", "float32", "engine",
        new Dictionary<string, string>(), 2, 1, 10, 1000, "worker", "1.0");

    private async Task InsertAsync(int count)
    {
        var definition = Definitions.Of(
            Layouts.OmniBenchmark, 3 * count, null, [.. Enumerable.Range(0, count).Select(i => new Realm($"realm{i}", 3))]) with
        {
            Protocol = Protocol.LinearProbe,
            Metrics = [Metric.AverageTop1Accuracy, Metric.AverageTop1AccuracyMaxOverTest],
            Lambdas = [0.1],
        };
        await using var connection = await Db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Id = await connection.ExecuteScalarAsync<Guid>(
            """
            insert into tasks (id, name, description) values ('t', 't', '');
            insert into datasets (id, name, description) values ('d', 'd', '');
            insert into benchmarks (name, version, task_id, dataset_id, definition, primary_metric, origin)
            values ('toy', '1', 't', 'd', @definition::jsonb, 'average_top1_accuracy', 'admin');
            insert into checkpoints (sha256, size, format) values (@Sha256, 1, 'safetensors');
            insert into submissions (user_id, model_name, checkpoint_sha256)
            select id, 'model', @Sha256 from users limit 1;
            insert into evaluations (submission_id, benchmark_id, has_realms)
            select s.id, b.id, true from submissions s, benchmarks b;
            insert into evaluations (submission_id, benchmark_id, parent_id, realm, realm_ordinal)
            select p.submission_id, p.benchmark_id, p.id, 'realm' || i, i
            from evaluations p, generate_series(0, @count - 1) i;
            select id from evaluations where has_realms
            """,
            new { definition = JsonSerializer.Serialize(definition, LeaderboardJson.Options), Sha256, count });
    }
}
