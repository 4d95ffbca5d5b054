namespace Leaderboard.Api.Tests.Migrations;

/// <summary><c>Api migrate</c>: from any earlier schema, and as often as it is asked for.</summary>
public sealed class MigratingTests : OnAnEmptyDatabase
{
    [Fact]
    public async Task Two_at_once_and_a_third_leave_one_schema_one_catalogue_one_key()
    {
        await Task.WhenAll(MigrateAsync(), MigrateAsync());
        var key = await File.ReadAllTextAsync(KeyFile, Token);
        Assert.StartsWith("lb_", key, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        await MigrateAsync();
        Assert.Equal(key, await File.ReadAllTextAsync(KeyFile, Token));
        Assert.Equal("1 1 1 1", await ScalarAsync("""
            select concat_ws(' ', (select count(*) from api_keys), (select count(*) from results),
                             (select count(*) from benchmarks),
                             (select count(*) from results where dated = '2020-09-17' and withdrawn_at is null))
            """));
    }

    [Fact]
    public async Task Predictions_recorded_before_are_told_right_from_wrong()
    {
        await MigrateUntilAsync("0007_comparing.sql");
        await ScalarAsync("""
            with u as (insert into users (name) values ('u') returning id),
                 c as (insert into checkpoints (sha256, size, format) values (repeat('a', 64), 1, 'safetensors') returning sha256),
                 s as (insert into submissions (user_id, model_name, checkpoint_sha256) select u.id, 'm', c.sha256 from u, c
                       returning id),
                 m as (insert into manifests (benchmark_id, sha256, sample_count) select id, 'aa', 4 from benchmarks
                       returning id, benchmark_id)
            insert into evaluations (submission_id, benchmark_id, manifest_id) select s.id, m.benchmark_id, m.id from s, m;
            insert into manifest_samples (manifest_id, ordinal, path, target, bytes, sha256)
            select id, n, n::text, n, 1, '' from manifests, generate_series(3, 0, -1) n;
            insert into predictions (evaluation_id, prediction, confidence)
            select id, '{0,0,2,0}', '{1,1,1,1}' from evaluations;
            insert into scores (evaluation_id, metric, value, interval_low, interval_high)
            select id, 'top1_accuracy', 0.5, 0.1, 0.9 from evaluations;
            insert into scores (evaluation_id, metric, value) select id, 'mean_per_class_accuracy', 0.5 from evaluations
            """);
        await MigrateAsync();
        Assert.Equal("1010 wilson", await ScalarAsync("""
            select concat_ws(' ', (select correct::text from predictions), (select string_agg(interval_method, ',') from scores))
            """));
    }

    [Fact]
    public async Task What_was_on_boards_before_results_had_a_history_gets_one()
    {
        await MigrateUntilAsync("0012_results.sql");
        await ScalarAsync("""
            insert into results (benchmark_id, metric, kind, value, model_name, dated, is_public, recorded_at, withdrawn_at)
            select id, 'top1_accuracy', 'reported', v, 'm', '2024-01-01', v < 0.9, '2025-01-01', case v when 0.5 then '2025-02-01'::timestamptz end
            from benchmarks, unnest('{0.4, 0.5, 0.6, 0.95}'::float8[]) v
            """);
        await MigrateAsync();
        Assert.Equal("recorded 5, withdrawn 1", await ScalarAsync("""
            select string_agg(event || ' ' || count, ', ' order by event) from (select event, count(*) from result_events group by 1) e
            """));
        Assert.Equal("""0.4 {["2025-01-01 00:00:00+00",)} f, 0.5 {["2025-01-01 00:00:00+00","2025-02-01 00:00:00+00")} f, 0.6 {["2025-01-01 00:00:00+00",)} t, 0.95 {} f""",
            await ScalarAsync("""
                select string_agg(concat_ws(' ', value, shown::text, is_best), ', ' order by value) from results where model_name = 'm'
                """));
    }

    [Fact]
    public async Task A_missing_connection_string_is_named()
    {
        var (exitCode, output) = await RunWithoutDatabaseAsync("migrate");
        Assert.Equal(2, exitCode);
        Assert.Contains("ConnectionStrings__Leaderboard", output);
    }
}
