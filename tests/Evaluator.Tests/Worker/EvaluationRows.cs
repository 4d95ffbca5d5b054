using System.Text.Json;
using Dapper;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Npgsql;

namespace Leaderboard.Evaluator.Tests.Worker;

/// <summary>An evaluation in an empty database, as the Api leaves it, and what a run of it may say.</summary>
internal static class EvaluationRows
{
    private static readonly string Sha256 = new('a', 64);

    private const string Add = """
        with t as (insert into tasks values (@Task, '', '') returning id),
             d as (insert into datasets (id, name, description) values (@Dataset, '', '') returning id),
             b as (insert into benchmarks (name, version, task_id, dataset_id, definition, primary_metric, origin)
                   select @Name, @Version, t.id, d.id, @json::jsonb, @metric, 'admin' from t, d returning id),
             c as (insert into checkpoints (sha256, size, format) values (@Sha256, 1, 'safetensors') returning sha256),
             s as (insert into submissions (user_id, model_name, checkpoint_sha256)
                   select u.id, 'model', c.sha256 from users u, c limit 1 returning id),
             e as (insert into evaluations (submission_id, benchmark_id, has_realms)
                   select s.id, b.id, cardinality(@realms) > 0 from s, b returning id, submission_id, benchmark_id),
             parts as (insert into evaluations (submission_id, benchmark_id, parent_id, realm, realm_ordinal)
                       select e.submission_id, e.benchmark_id, e.id, r.realm, r.ordinal - 1
                       from e, unnest(@realms) with ordinality as r (realm, ordinal))
        select id from e
        """;

    /// <summary>A checkpoint that was submitted to a benchmark, with an evaluation of each realm where there are any.</summary>
    public static async Task<Guid> AddEvaluationAsync(this NpgsqlDataSource db, BenchmarkDefinition definition)
    {
        await using var connection = await db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await connection.ExecuteScalarAsync<Guid>(Add, new
        {
            definition.Task,
            definition.Dataset,
            definition.Name,
            definition.Version,
            json = JsonSerializer.Serialize(definition, LeaderboardJson.Options),
            metric = definition.Metrics[0],
            Sha256,
            realms = definition.Realms?.Select(realm => realm.Name).ToArray() ?? [],
        });
    }

    /// <summary>Where scores came from.</summary>
    public static Provenance Provenance(EvalTransform transform, string manifest = "aa") => new(
        Sha256, "resnet18", "recognised", 1000, "toy@1", manifest, transform, false, "cpu", "float32", "libtorch",
        new Dictionary<string, string>(), 2, 1, 10, 1000, "worker", "1.0");
}
