using System.Collections;
using System.Net;
using System.Text.Json.Nodes;
using Dapper;

namespace Leaderboard.Api.Tests;

/// <summary>What workers write of benchmarks of realms.</summary>
internal static class RealmRows
{
    /// <summary>A benchmark of so many realms, of two classes each.</summary>
    public static Task CreateRealmBenchmarkAsync(this ApiFactory api, string name, int realms)
    {
        var definition = Samples.Benchmark(name);
        definition["protocol"] = "linear_probe";
        definition["layout"] = "omnibenchmark";
        definition["lambdas"] = new JsonArray(0.1);
        definition["metrics"] = new JsonArray("average_top1_accuracy", "average_top1_accuracy_max_over_test");
        definition["class_count"] = 2 * realms;
        definition["realms"] = new JsonArray([.. Enumerable.Range(0, realms).Select(
            i => (JsonNode)new JsonObject { ["name"] = $"realm{i}", ["class_count"] = 2 })]);
        return api.Admin.PostJsonAsync("/api/v1/benchmarks", definition, HttpStatusCode.Created);
    }

    private const string FindRealms = "select id from evaluations where parent_id = @id order by realm_ordinal";

    private const string FinishRealm = """
        with manifest as (
            insert into manifests (benchmark_id, realm, split, sha256, sample_count)
            select benchmark_id, realm, @split, repeat('a', 64), @count from evaluations where id = @id
            on conflict (benchmark_id, realm, split) do update set sha256 = excluded.sha256
            returning id
        ), done as (
            update evaluations set state = 'succeeded', done = @count, total = @count, started_at = queued_at,
                   finished_at = now(), manifest_id = manifest.id
            from manifest where evaluations.id = @id
        )
        insert into predictions (evaluation_id, prediction, confidence, correct)
        values (@id, array_fill(1, array[@count]), array_fill(0.5::real, array[@count]), @bits)
        """;

    private const string Finish = """
        with done as (
            update evaluations set state = 'succeeded', started_at = queued_at, finished_at = now()
            where id = @id returning *
        ), score as (
            insert into scores (evaluation_id, metric, value, count)
            values (@id, 'average_top1_accuracy', @value, @count)
        )
        insert into results (benchmark_id, metric, kind, value, model_name, user_id, dated, evaluation_id, is_public)
        select d.benchmark_id, 'average_top1_accuracy', 'verified', @value, s.model_name, s.user_id,
               s.created_at::date, d.id, true
        from done d join submissions s on s.id = d.submission_id
        """;

    /// <summary>
    /// Hands in a model and ends its evaluation: of each realm one digit a sample, 1 where it is predicted right. Gives
    /// the evaluation of all realms.
    /// </summary>
    public static Task<Guid> MeasureRealmsAsync(
        this ApiFactory api, string benchmark, string model, params string[] right) =>
        api.MeasureSplitsAsync(benchmark, model, [.. right.Select(digits => ("val", digits))]);

    /// <summary>The same, with the split that each realm is scored on.</summary>
    public static async Task<Guid> MeasureSplitsAsync(
        this ApiFactory api, string benchmark, string model, params (string Split, string Right)[] realms)
    {
        var id = WorkerRows.EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, Samples.Submission(benchmark, model)));
        await using var connection = await api.Rows.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var parts = (await connection.QueryAsync<Guid>(FindRealms, new { id })).AsList();
        foreach (var (part, (split, right)) in parts.Zip(realms))
        {
            var bits = new BitArray([.. right.Select(digit => digit == '1')]);
            await connection.ExecuteAsync(FinishRealm, new { id = part, split, count = right.Length, bits });
        }
        await connection.ExecuteAsync(Finish, new
        {
            id,
            value = realms.Average(realm => realm.Right.Count(digit => digit == '1') / (double)realm.Right.Length),
            count = realms.Sum(realm => realm.Right.Length),
        });
        return id;
    }
}
