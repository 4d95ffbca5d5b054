using System.Collections;
using System.Text.Json;
using Dapper;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Tests;

/// <summary>What a worker would write, in its tables' own words.</summary>
internal static class WorkerRows
{
    private const string Heartbeat = """
        insert into workers (id, device, sandbox, heartbeat_at)
        values (@id, @device, 'bubblewrap', now() - make_interval(secs => @secondsAgo))
        on conflict (id) do update set heartbeat_at = excluded.heartbeat_at, device = excluded.device
        """;

    public static async Task BeatAsync(this ApiFactory api, string id = "w1", string device = "cpu", int secondsAgo = 0)
    {
        await using var connection = await api.Rows.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync(Heartbeat, new { id, device, secondsAgo });
    }

    private const string Inspected =
        "update checkpoints set inspection = 'done', inspection_report = @report::jsonb where sha256 = @sha256";

    public static Task InspectAsync(this ApiFactory api, string sha256, string report) =>
        api.ExecuteAsync(Inspected, new { sha256, report });

    private const string AddManifest = """
        insert into manifests (benchmark_id, sha256, sample_count)
        select e.benchmark_id, repeat('a', 64), @count from evaluations e where e.id = @id
        on conflict (benchmark_id, realm, split) do update set sha256 = excluded.sha256
        returning id
        """;

    private const string AddSample = """
        insert into manifest_samples (manifest_id, ordinal, path, target, bytes, sha256)
        values (@manifest, @ordinal, @path, @target, 1, '\x00') on conflict do nothing
        """;

    private const string Finish = """
        with done as (
            update evaluations set state = 'succeeded', done = @count, total = @count, images_per_second = 100,
                   started_at = queued_at, finished_at = now(), manifest_id = @manifest, provenance = @provenance::jsonb
            where id = @id returning *
        ), saved as (
            insert into predictions (evaluation_id, prediction, confidence, correct)
            values (@id, @prediction, @confidence, @bits)
        ), score as (
            insert into scores (evaluation_id, metric, value, interval_low, interval_high, interval_method, correct, count)
            values (@id, @metric, @value, @value - 0.01, @value + 0.01, 'wilson', @counted, @count)
        )
        insert into results (benchmark_id, metric, kind, value, interval_low, interval_high, interval_method,
                             model_name, user_id, paper_id, eval_transform, precision, uses_additional_data,
                             parameters, dated, evaluation_id, is_public)
        select d.benchmark_id, @metric, 'verified', @value, @value - 0.01, @value + 0.01, 'wilson',
               s.model_name, s.user_id, s.paper_id, s.eval_transform, s.precision, s.uses_additional_data,
               1000, s.created_at::date, d.id, s.visibility = 'public'
        from done d join submissions s on s.id = d.submission_id
        """;

    /// <summary>A submission's only evaluation, or its first.</summary>
    public static Guid EvaluationOf(JsonElement submission) =>
        submission.GetProperty("evaluations")[0].GetProperty("id").GetGuid();

    /// <summary>Ends an evaluation with these samples: path, target, prediction.</summary>
    public static Task RecordScoreAsync(
        this ApiFactory api, Guid id, params (string Path, int Target, int Prediction)[] samples) =>
        api.RecordScoreAsync(id, Metric.Top1Accuracy, samples);

    private static async Task RecordScoreAsync(
        this ApiFactory api, Guid id, string metric, (string Path, int Target, int Prediction)[] samples)
    {
        await using var connection = await api.Rows.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var manifest = await connection.ExecuteScalarAsync<Guid>(AddManifest, new { id, count = samples.Length });
        for (var ordinal = 0; ordinal < samples.Length; ordinal++)
        {
            var (path, target, _) = samples[ordinal];
            await connection.ExecuteAsync(AddSample, new { manifest, ordinal, path, target });
        }
        var correct = samples.LongCount(sample => sample.Target == sample.Prediction);
        var ofClasses = samples.GroupBy(sample => sample.Target).Average(
            of => of.Average(sample => sample.Target == sample.Prediction ? 1.0 : 0));
        await connection.ExecuteAsync(Finish, new
        {
            id,
            manifest,
            metric,
            count = samples.Length,
            correct,
            // A mean is no count of samples.
            counted = metric == Metric.Top1Accuracy ? correct : (long?)null,
            value = metric == Metric.Top1Accuracy ? correct / (double)samples.Length : ofClasses,
            provenance = Provenance,
            prediction = samples.Select(sample => sample.Prediction).ToArray(),
            confidence = samples.Select(_ => 0.1f).ToArray(),
            bits = new BitArray([.. samples.Select(sample => sample.Target == sample.Prediction)]),
        });
    }

    /// <summary>
    /// The same of a benchmark that measures means over classes: of each class its digits, 1 where a sample is predicted right.
    /// </summary>
    public static async Task<Guid> MeasureClassesAsync(
        this ApiFactory api, string benchmark, string model, params string[] right)
    {
        var id = EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, Samples.Submission(benchmark, model)));
        // Samples of the classes lie in turn, as they do in a list.
        var samples =
            from place in Enumerable.Range(0, right.Max(digits => digits.Length))
            from of in right.Index()
            where place < of.Item.Length
            select ($"{of.Index}/{place}", of.Index, of.Item[place] == '1' ? of.Index : 99);
        await api.RecordScoreAsync(id, Metric.MeanPerClassAccuracy, [.. samples]);
        return id;
    }

    /// <summary>
    /// Hands in a model and ends its evaluation: one digit a sample, 1 where it is predicted right. Gives the evaluation.
    /// </summary>
    public static async Task<Guid> MeasureAsync(
        this ApiFactory api, string benchmark, string model, string right, HttpClient? user = null, bool isPrivate = false)
    {
        var submission = Samples.Submission(benchmark, model);
        submission["visibility"] = isPrivate ? "private" : "public";
        var id = EvaluationOf(await ApiFactory.SubmitAsync(user ?? api.Admin, submission));
        await api.RecordScoreAsync(id, [.. right.Select((digit, sample) => ($"{sample}", 1, digit == '1' ? 1 : 0))]);
        return id;
    }

    private const string Report = """
        insert into results (benchmark_id, metric, kind, value, model_name, dated, uses_additional_data, parameters, recorded_at)
        select id, @metric, 'reported', @value, @model, @dated::date, @extra, @parameters,
               coalesce(@recordedAt, now())
        from benchmarks where name = @benchmark
        """;

    /// <summary>Puts a reported figure on a board.</summary>
    public static Task ReportAsync(
        this ApiFactory api, string benchmark, string model, double value, string dated = "2024-01-01",
        bool extra = false, long? parameters = null, DateTime? recordedAt = null, string metric = "top1_accuracy") =>
        api.ExecuteAsync(Report, new { benchmark, model, value, dated, extra, parameters, recordedAt, metric });

    public static async Task ExecuteAsync(this ApiFactory api, string sql, object? row = null)
    {
        await using var connection = await api.Rows.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync(sql, row);
    }

    public static async Task<T?> ScalarAsync<T>(this ApiFactory api, string sql, object? row = null)
    {
        await using var connection = await api.Rows.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await connection.ExecuteScalarAsync<T>(sql, row);
    }

    private const string Provenance = """
        { "checkpoint_sha256": "00", "architecture": "resnet18", "recognition": "recognised", "parameter_count": 1000,
          "benchmark": "b@1", "manifest_sha256": "aa",
          "eval_transform": { "resize": null, "interpolation": "bilinear", "crop": null, "mean": [0, 0, 0], "std": [1, 1, 1] },
          "eval_transform_declared": false, "device": "cpu", "precision": "float32", "engine": "libtorch 2.10.0",
          "libraries": { "libjpeg-turbo": "2.1.5" }, "threads": 2, "duration_seconds": 1.5, "images_per_second": 100,
          "peak_memory_bytes": 1000, "worker": "w1", "software": "1.0" }
        """;
}
