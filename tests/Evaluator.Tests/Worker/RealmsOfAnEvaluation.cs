using Dapper;
using Leaderboard.Evaluator.Metrics;
using Leaderboard.Evaluator.Tests.Datasets;
using Leaderboard.Evaluator.Worker;
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

    /// <summary>Begins a rerun, as the Api does; from now on it is what everything here is about.</summary>
    public async Task RerunAsync(Guid? of = null)
    {
        await using var connection = await Db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Id = await connection.ExecuteScalarAsync<Guid>(
            """
            with whole as (
                insert into evaluations (submission_id, benchmark_id, has_realms, rerun_of)
                select submission_id, benchmark_id, true, id from evaluations where id = @of
                returning id
            ), parts as (
                insert into evaluations (submission_id, benchmark_id, parent_id, realm, realm_ordinal, rerun_of)
                select c.submission_id, c.benchmark_id, whole.id, c.realm, c.realm_ordinal, c.id
                from evaluations c, whole where c.parent_id = @of
            )
            select id from whole
            """,
            new { of = of ?? Id });
    }

    /// <summary>Waits until a query answers true.</summary>
    public async Task UntilAsync(string sql)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!(await QueryAsync<bool>(sql)).Single())
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
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

    private static Provenance Provenance(ClaimedEvaluation realm) =>
        EvaluationRows.Provenance(realm.Transform, realm.Realm!.Name);

    private async Task InsertAsync(int count) => Id = await Db.AddEvaluationAsync(Definitions.Of(
        Layouts.OmniBenchmark, 3 * count, null, [.. Enumerable.Range(0, count).Select(i => new Realm($"realm{i}", 3))]) with
    {
        Protocol = Protocol.LinearProbe,
        Metrics = [Metric.AverageTop1Accuracy, Metric.AverageTop1AccuracyMaxOverTest],
        Lambdas = [0.1],
    });
}
