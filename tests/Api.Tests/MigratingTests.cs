using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;
using Npgsql;

namespace Leaderboard.Api.Tests;

/// <summary>The command line, run as a program against an empty database.</summary>
public sealed class MigratingTests : IAsyncLifetime
{
    private readonly TemporaryFolder home = new();
    private TestDatabase database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string KeyFile => home.At("admin-key");

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateEmptyAsync();
        Directory.CreateDirectory(home.At("catalog", "benchmarks"));
        Write("tasks.json", """[{ "id": "image-classification", "name": "Image classification", "description": "d" }]""");
        Write("papers.json", """
            [{ "id": "arxiv:2009.07995", "title": "MoPro", "url": "https://arxiv.org/abs/2009.07995",
               "authors": ["Junnan Li"], "published_on": "2020-09-17" }]
            """);
        Write("datasets.json", """
            [{ "id": "webvision", "name": "WebVision", "description": "d", "homepage": null, "licence": null, "paper": null }]
            """);
        WriteBenchmark(0.739);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        home.Dispose();
    }

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
    public async Task A_corrected_figure_withdraws_the_old_row_and_a_removed_one_is_withdrawn()
    {
        await MigrateAsync();
        WriteBenchmark(0.741);
        await MigrateAsync();
        const string Rows = """
            select string_agg(value || case when withdrawn_at is null then '' else ' withdrawn' end, ', ' order by value)
            from results
            """;
        Assert.Equal("0.739 withdrawn, 0.741", await ScalarAsync(Rows));
        WriteBenchmark(value: null);
        await MigrateAsync();
        Assert.Equal("0.739 withdrawn, 0.741 withdrawn", await ScalarAsync(Rows));
        WriteBenchmark(0.739);
        await MigrateAsync();
        Assert.Equal("3 1", await ScalarAsync("select count(*) || ' ' || count(*) filter (where withdrawn_at is null) from results"));
    }

    [Fact]
    public async Task A_definition_changes_until_an_evaluation_refers_to_it()
    {
        await MigrateAsync();
        WriteBenchmark(0.739, classCount: 999);
        await MigrateAsync();
        await ScalarAsync("""
            with u as (insert into users (name) values ('u') returning id),
                 c as (insert into checkpoints (sha256, size, format) values (repeat('a', 64), 1, 'safetensors') returning sha256),
                 s as (insert into submissions (user_id, model_name, checkpoint_sha256) select u.id, 'm', c.sha256 from u, c
                       returning id)
            insert into evaluations (submission_id, benchmark_id) select s.id, b.id from s, benchmarks b returning ''
            """);
        WriteBenchmark(0.739, classCount: 1000);
        var (exitCode, output) = await RunAsync("migrate");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("new version", output);
        Assert.Equal("999", await ScalarAsync("select definition ->> 'class_count' from benchmarks"));

        // What is measured stays the same.
        WriteBenchmark(0.739, classCount: 999, definition => definition["images"] = "val_images");
        await MigrateAsync();
        Assert.Equal("val_images", await ScalarAsync("select definition ->> 'images' from benchmarks"));
    }

    [Fact]
    public async Task A_definition_that_is_relied_on_may_learn_how_many_samples_a_realm_has_and_nothing_else_of_it()
    {
        WriteRealm(3, null);
        await MigrateAsync();
        await ScalarAsync("insert into manifests (benchmark_id, sha256, sample_count) select id, 'aa', 4 from benchmarks returning ''");
        WriteRealm(3, test: 20);
        await MigrateAsync();
        Assert.Equal("20", await ScalarAsync("select definition #>> '{realms,0,samples,test}' from benchmarks"));
        WriteRealm(4, test: 20);
        Assert.Contains("new version", (await RunAsync("migrate")).Output);

        void WriteRealm(int classCount, int? test) => WriteBenchmark(value: null, classCount, definition =>
        {
            definition["protocol"] = "linear_probe";
            definition["layout"] = "omnibenchmark";
            definition["lambdas"] = new JsonArray(0.1);
            definition["metrics"] = new JsonArray("average_top1_accuracy");
            definition["realms"] = new JsonArray(new JsonObject
            {
                ["name"] = "bird",
                ["class_count"] = classCount,
                ["samples"] = test is null ? null : new JsonObject { ["test"] = test },
            });
        });
    }

    [Fact]
    public async Task Predictions_recorded_before_are_told_right_from_wrong()
    {
        await MigrateAsync();
        await ScalarAsync("""
            alter table predictions drop column correct;
            alter table scores drop column interval_method;
            alter table results drop column interval_method;
            delete from schema_versions where scriptname = '0007_comparing.sql';
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
        await MigrateAsync();
        await ScalarAsync("""
            drop table result_events, board_revisions;
            drop function hold_for_moderator, note_results, keep_shown, touch_boards_of_neighbour, touch_boards, follow_one_another cascade;
            alter table results drop column moderation, drop column corrected_by, drop column overruled, drop column shown,
                                drop column is_best, drop column owner_id, drop column cost;
            drop index results_paper_idx, results_user_idx, results_catalog_idx, results_recorded_idx, results_benchmark_recorded_idx;
            create index results_board_idx on results (benchmark_id, metric, value desc) where withdrawn_at is null;
            delete from schema_versions where scriptname in ('0012_results.sql', '0017_held_and_counted.sql');
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
    public async Task What_an_admin_says_of_a_row_of_the_catalogue_stands_until_the_catalogue_says_something_else()
    {
        await MigrateAsync();
        const string Standing = "select string_agg(value::text, ' ') from results where withdrawn_at is null";
        await ScalarAsync("update results set withdrawn_at = now(), overruled = true");
        await MigrateAsync();
        Assert.Equal("", await ScalarAsync(Standing));
        WriteBenchmark(0.741);
        await MigrateAsync();
        Assert.Equal("0.741", await ScalarAsync(Standing));
        // A correction, as the API makes it.
        await ScalarAsync("""
            update results set withdrawn_at = now(), overruled = true, corrected_by = '11111111-1111-1111-1111-111111111111'
            where withdrawn_at is null;
            insert into results (id, benchmark_id, metric, kind, value, model_name, dated, catalog_key)
            select corrected_by, benchmark_id, metric, kind, 0.742, model_name, dated, catalog_key
            from results where corrected_by is not null
            """);
        await MigrateAsync();
        Assert.Equal("0.742", await ScalarAsync(Standing));
        WriteBenchmark(0.743);
        await MigrateAsync();
        Assert.Equal("0.743", await ScalarAsync(Standing));
        WriteBenchmark(0.741);
        await MigrateAsync();
        Assert.Equal("0.741", await ScalarAsync(Standing));
        Assert.Equal("corrected 3, recorded 5, withdrawn 1", await ScalarAsync("""
            select string_agg(event || ' ' || count, ', ' order by event) from (select event, count(*) from result_events group by 1) e
            """));
    }

    [Fact]
    public async Task A_lost_key_file_is_told_and_a_new_key_can_be_made()
    {
        await MigrateAsync();
        File.Delete(KeyFile);
        Assert.Contains("key create", (await RunAsync("migrate")).Output);
        var (exitCode, key) = await RunAsync("key", "create", "--user", "ann", "--name", "laptop", "--scope", "submit");
        Assert.Equal(0, exitCode);
        Assert.Matches("^lb_[A-Za-z0-9_-]{43}\n$", key);
        Assert.Equal("ann {submit}", await ScalarAsync(
            "select u.name || ' ' || k.scopes::text from api_keys k join users u on u.id = k.user_id where k.name = 'laptop'"));
        Assert.Equal(2, (await RunAsync("key", "create", "--user", "ann", "--name", "x", "--scope", "root")).ExitCode);
        Assert.Equal(2, (await RunAsync("key", "create", "--user")).ExitCode);
    }

    [Fact]
    public async Task A_key_file_of_another_database_is_replaced_or_told()
    {
        await File.WriteAllTextAsync(KeyFile, "lb_stale\n", Token);
        await MigrateAsync();
        var key = await File.ReadAllTextAsync(KeyFile, Token);
        Assert.NotEqual("lb_stale\n", key);
        Assert.DoesNotContain("key create", (await RunAsync("migrate")).Output);

        await File.WriteAllTextAsync(KeyFile, "lb_stale\n", Token);
        var (exitCode, output) = await RunAsync("migrate");
        Assert.Equal(0, exitCode);
        Assert.Contains("opens nothing", output);
        Assert.Contains("key create", output);
        Assert.Equal("lb_stale\n", await File.ReadAllTextAsync(KeyFile, Token));

        await File.WriteAllTextAsync(KeyFile, key, Token);
        foreach (var end in (string[])
            [
                "update api_keys set revoked_at = now()", "update api_keys set expires_at = now()",
                "update users set disabled_at = now()",
            ])
        {
            await ScalarAsync(end);
            await MigrateAsync();
            Assert.NotEqual(key, key = await File.ReadAllTextAsync(KeyFile, Token));
            Assert.DoesNotContain("key create", (await RunAsync("migrate")).Output);
        }
    }

    [Fact]
    public async Task A_missing_connection_string_is_named()
    {
        var (exitCode, output) = await TestDatabase.RunApiAsync("", home.Path, home.Path, "migrate");
        Assert.Equal(2, exitCode);
        Assert.Contains("ConnectionStrings__Leaderboard", output);
    }

    private void Write(string file, string json) => File.WriteAllText(home.At("catalog", file), json);

    private void WriteBenchmark(double? value, int classCount = 1000, Action<JsonObject>? change = null)
    {
        var definition = Samples.Benchmark("webvision-1.0");
        definition["dataset"] = "webvision";
        definition["class_count"] = classCount;
        change?.Invoke(definition);
        var results = new JsonArray();
        if (value is not null)
        {
            results.Add(new JsonObject
            {
                ["key"] = "webvision-1.0/mopro",
                ["model_name"] = "MoPro",
                ["metric"] = "top1_accuracy",
                ["value"] = value,
                ["paper"] = "arxiv:2009.07995",
                ["date"] = null,
                ["uses_additional_data"] = false,
                ["parameters"] = null,
                ["code_url"] = null,
                ["source_url"] = "table 1",
                ["note"] = null,
            });
        }
        var benchmark = new JsonObject
        {
            ["definition"] = definition,
            ["sources"] = new JsonArray("table 1"),
            ["results"] = results,
        };
        Write("benchmarks/webvision-1.0.json", benchmark.ToJsonString());
    }

    private async Task MigrateAsync()
    {
        var (exitCode, output) = await RunAsync("migrate");
        Assert.True(exitCode == 0, output);
    }

    private Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        TestDatabase.RunApiAsync(database.ConnectionString, home.Path, home.At("catalog"), arguments);

    private async Task<string?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync(Token))?.ToString();
    }
}
