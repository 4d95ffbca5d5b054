using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Migrations;

/// <summary>What <c>Api migrate</c> makes of a catalogue that has changed.</summary>
public sealed class LoadingTheCatalogueTests : OnAnEmptyDatabase
{
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
}
