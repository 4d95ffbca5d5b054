using System.Text.Json;

namespace Leaderboard.Api.Tests.Compat;

/// <summary>Each method of the client that writes; of updates it sends null for every field that its caller did not set.</summary>
public sealed class WritingTests(CompatApi api) : IClassFixture<CompatApi>
{
    [Fact]
    public async Task A_task_and_a_dataset_live_from_their_making_to_their_end()
    {
        using var ada = await api.ClientOfAsync("ada-tasks");
        var task = await ada.PostAsync("Task", "/tasks/", new
        {
            name = "Triple Classification",
            description = "Three.",
            area = "computer-vision",
            parent_task = "Representation Learning",
        });
        Assert.Equal("triple-classification", Id(task));
        Assert.Equal(["representation-learning"], (await ada.ListAsync("Task", "/tasks/triple-classification/parents/")).Ids);
        Assert.Contains("triple-classification", (await ada.ListAsync("Task", "/areas/computer-vision/tasks/")).Ids);
        var renamed = await ada.PatchAsync(
            "Task", "/tasks/triple-classification/", new { name = "Triples", description = (string?)null, area = "", parent_task = (string?)null });
        Assert.Equal(("Triples", "Three."), (Text(renamed, "name"), Text(renamed, "description")));
        Assert.DoesNotContain("triple-classification", (await ada.ListAsync("Task", "/areas/computer-vision/tasks/")).Ids);
        Assert.NotEmpty((await ada.ListAsync("Task", "/tasks/triple-classification/parents/")).Ids);

        var dataset = await ada.PostAsync("Dataset", "/datasets/", new { name = "Leitner et al. 2020", url = (string?)null });
        Assert.Equal("leitner-et-al-2020", Id(dataset));
        var linked = await ada.PatchAsync("Dataset", "/datasets/leitner-et-al-2020/", new { name = (string?)null, url = "https://example.org/d" });
        Assert.Equal(("Leitner et al. 2020", "https://example.org/d"), (Text(linked, "name"), Text(linked, "url")));

        var table = await ada.PostAsync("EvaluationTable", "/evaluations/", new { task = "triple-classification", dataset = "leitner-et-al-2020" });
        Assert.Contains("evaluation tables", Text(await ada.RefusedAsync(409, "DELETE", "/tasks/triple-classification/"), "detail"), StringComparison.Ordinal);
        await ada.RefusedAsync(409, "DELETE", "/datasets/leitner-et-al-2020/");
        await ada.DeleteAsync($"/evaluations/{Id(table)}/");
        await ada.DeleteAsync("/tasks/triple-classification/");
        await ada.DeleteAsync("/datasets/leitner-et-al-2020/");
        await ada.RefusedAsync(404, "GET", "/tasks/triple-classification/");
        await ada.RefusedAsync(404, "DELETE", "/datasets/leitner-et-al-2020/");
    }

    [Fact]
    public async Task A_table_lives_with_its_metrics_and_results()
    {
        using var ada = await api.ClientOfAsync("ada-tables");
        var table = Id(await ada.PostAsync(
            "EvaluationTable", "/evaluations/", new { task = "contrastive-learning", dataset = "minimal", description = "", mirror_url = (string?)null }));
        Assert.StartsWith("contrastive-learning-on-minimal", table, StringComparison.Ordinal);
        var moved = await ada.PatchAsync("EvaluationTable", $"/evaluations/{table}/", new
        {
            task = (string?)null,
            dataset = "webvision",
            description = (string?)null,
            mirror_url = "https://elsewhere.example/board",
        });
        Assert.Equal((table, "contrastive-learning", "webvision"), (Id(moved), Text(moved, "task"), Text(moved, "dataset")));

        var metric = await ada.PostAsync("Metric", $"/evaluations/{table}/metrics/", new { name = "some metric", description = "What it is" });
        Assert.True(metric.GetProperty("is_loss").GetBoolean());
        metric = await ada.PatchAsync(
            "Metric", $"/evaluations/{table}/metrics/{Id(metric)}/", new { name = (string?)null, description = (string?)null, is_loss = false });
        Assert.Equal(("some metric", "What it is", false), (Text(metric, "name"), Text(metric, "description"), metric.GetProperty("is_loss").GetBoolean()));

        var results = $"/evaluations/{table}/results/";
        var result = await ada.PostAsync("Result", results, new
        {
            metrics = new Dictionary<string, object> { ["some metric"] = "44" },
            methodology = "Some methodology",
            uses_additional_data = false,
            paper = "on-the-minimal-teaching-sets-of-two",
            evaluated_on = (string?)null,
            external_source_url = (string?)null,
        });
        var changed = await ada.PatchAsync("Result", $"{results}{Id(result)}/", new
        {
            metrics = (object?)null,
            methodology = "Some other methodology",
            uses_additional_data = true,
            paper = (string?)null,
            evaluated_on = "2020-11-20",
            external_source_url = "https://my.competition.example/1",
        });
        Assert.Equal(
            ("Some other methodology", true, "on-the-minimal-teaching-sets-of-two", "44", "2020-11-20"),
            (Text(changed, "methodology"), changed.GetProperty("uses_additional_data").GetBoolean(), Text(changed, "paper"),
                Text(changed.GetProperty("metrics"), "some metric"), Text(changed, "evaluated_on")));
        var cleared = await ada.PatchAsync("Result", $"{results}{Id(result)}/", new { paper = "", external_source_url = "" });
        Assert.Equal(
            (JsonValueKind.Null, JsonValueKind.Null),
            (cleared.GetProperty("paper").ValueKind, cleared.GetProperty("external_source_url").ValueKind));
        Assert.Equal([Id(result)], (await ada.ListAsync("Result", results)).Ids);
        await ada.DeleteAsync($"{results}{Id(result)}/");
        Assert.Empty((await ada.ListAsync("Result", results)).Ids);
        await ada.DeleteAsync($"/evaluations/{table}/metrics/{Id(metric)}/");
        Assert.Empty((await ada.ListAsync("Metric", $"/evaluations/{table}/metrics/")).Ids);
        await ada.DeleteAsync($"/evaluations/{table}/");
        await ada.RefusedAsync(404, "GET", results);
    }

    [Fact]
    public async Task Ranks_follow_the_direction_of_each_metric_and_ties_share_them()
    {
        using var ada = await api.ClientOfAsync("ada-ranks");
        var table = await TableAsync(ada, "contrastive-learning", "minimal", ("error", true), ("accuracy", false));
        var rows = new Dictionary<string, string>();
        foreach (var (name, error, accuracy) in (IEnumerable<(string, object, object?)>)
            [("a", 3, "90.5%"), ("b", "2.5", 80), ("c", 2.5m, "n/a"), ("d", 1e3, null), ("e", "<1", "1e999")])
        {
            rows[name] = Id(await ada.PostAsync("Result", $"{table}results/", new
            {
                metrics = new Dictionary<string, object?> { ["error"] = error, ["accuracy"] = accuracy },
                methodology = name,
            }));
        }
        Assert.Equal(["b 1 error", "c 1 error", "a 1 accuracy", "d 4 error", "e  "], await RanksAsync(ada, table));
        var metric = (await ada.ListAsync("Metric", $"{table}metrics/")).Ids[0];
        await ada.PatchAsync("Metric", $"{table}metrics/{metric}/", new { is_loss = false });
        Assert.Equal(["d 1 error", "a 1 accuracy", "b 2 accuracy", "c 3 error", "e  "], await RanksAsync(ada, table));
        await ada.DeleteAsync($"{table}results/{rows["d"]}/");
        await ada.PatchAsync("Result", $"{table}results/{rows["e"]}/", new { metrics = new { error = "1.2k" } });
        Assert.Equal(["e 1 error", "a 1 accuracy", "b 2 accuracy", "c 3 error"], await RanksAsync(ada, table));
        await ada.DeleteAsync($"{table}metrics/{metric}/");
        Assert.Equal(["a 1 accuracy", "b 2 accuracy", "c  ", "e  "], await RanksAsync(ada, table));
    }

    [Fact]
    public async Task Names_as_long_as_they_may_be_make_a_table()
    {
        using var ada = await api.ClientOfAsync("ada-long");
        var random = new Random(1);
        // Three bytes a letter, and nothing that an index could compress.
        string Long() => new([.. Enumerable.Range(0, 200).Select(_ => (char)random.Next(0x4e00, 0x9fff))]);
        var (task, dataset, metric) = (Long(), Long(), Long());
        await ada.PostAsync("Task", "/tasks/", new { name = task, description = "" });
        var synchronized = await ada.SynchronizeAsync(new
        {
            task,
            dataset,
            external_id = Long(),
            metrics = new[] { new { name = metric } },
            results = new[]
            {
                new { metrics = new Dictionary<string, int> { [metric] = 1 }, methodology = Long(), external_id = Long(), evaluated_on = "2020-01-01" },
            },
        });
        Assert.Single((await ada.ListAsync("Result", $"/evaluations/{Uri.EscapeDataString(Id(synchronized))}/results/")).Ids);
    }

    [Fact]
    public async Task Concurrent_writers_of_a_table_leave_its_ranks_right()
    {
        using var ada = await api.ClientOfAsync("ada-crowd");
        var table = await TableAsync(ada, "contrastive-learning", "minimal", ("accuracy", false));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(one => ada.PostAsync(
            "Result", $"{table}results/", new { metrics = new { accuracy = one }, methodology = $"m{one}" })));
        Assert.Equal(
            Enumerable.Range(1, 16).Select(rank => $"m{16 - rank} {rank} accuracy"), await RanksAsync(ada, table));
    }

    [Fact]
    public async Task Only_the_owner_and_admins_write_and_benchmarks_tables_say_how_their_rows_come()
    {
        using var ada = await api.ClientOfAsync("ada-owner");
        using var bob = await api.ClientOfAsync("bob-other");
        using var reader = await api.ClientOfAsync("only-reads", "read");
        using var admin = new OldClient(api, api.AdminKey);
        using var anonymous = new OldClient(api);
        using var unknown = new OldClient(api, "lb_unknown");
        var table = await TableAsync(ada, "contrastive-learning", "minimal", ("accuracy", false));
        var row = new { metrics = new { accuracy = 1 }, methodology = "m" };
        await ada.PostAsync("Task", "/tasks/", new { name = "Owned" });
        foreach (var (method, path, body) in (IEnumerable<(string, string, object?)>)
        [
            ("PATCH", "/tasks/owned/", new { description = "x" }), ("PATCH", table, new { description = "x" }),
            ("POST", $"{table}metrics/", new { name = "mine" }), ("POST", $"{table}results/", row), ("DELETE", table, null), ("DELETE", "/tasks/owned/", null),
        ])
        {
            await anonymous.RefusedAsync(401, method, path, body);
            await unknown.RefusedAsync(401, method, path, body);
            await reader.RefusedAsync(403, method, path, body);
            await bob.RefusedAsync(403, method, path, body);
            await admin.SendAsync(method, path, body);
        }
        const string Archive = "/evaluations/representation-learning-on-webvision/";
        await bob.RefusedAsync(403, "POST", $"{Archive}results/", row);
        await bob.RefusedAsync(403, "PATCH", "/tasks/representation-learning/", new { description = "x" });
        await bob.RefusedAsync(403, "DELETE", "/datasets/webvision/");
        var added = await admin.PostAsync("Result", $"{Archive}results/", new { metrics = new Dictionary<string, string> { ["Top-1 Accuracy"] = "80" }, methodology = "better" });
        Assert.Equal(1, added.GetProperty("best_rank").GetInt32());

        await api.CreateBenchmarkAsync("measured");
        var measured = Assert.Single((await admin.ListAsync("EvaluationTable", "/datasets/measured/evaluations/")).Ids);
        foreach (var (method, path, body) in (IEnumerable<(string, string, object?)>)
            [("POST", "results/", row), ("DELETE", "", null), ("PATCH", "", new { description = "x" }), ("POST", "metrics/", new { name = "m" })])
        {
            var refused = await admin.RefusedAsync(403, method, $"/evaluations/{measured}/{path}", body);
            Assert.Contains("POST /api/v1/submissions", Text(refused, "detail"), StringComparison.Ordinal);
        }
        Assert.Equal(["Top 1 Accuracy", "Top 5 Accuracy"], (await admin.ListAsync("Metric", $"/evaluations/{measured}/metrics/")).Results.Select(one => Text(one, "name")));
    }

    [Fact]
    public async Task What_is_wrong_is_told_by_field()
    {
        using var ada = await api.ClientOfAsync("ada-wrong");
        var table = await TableAsync(ada, "contrastive-learning", "minimal", ("accuracy", false));
        var results = $"{table}results/";
        foreach (var (path, body, field) in (IEnumerable<(string, object, string)>)
        [
            ("/tasks/", new { }, "name"), ("/tasks/", new { name = "" }, "name"), ("/tasks/", new { name = 3 }, "name"), ("/tasks/", new { name = "a\0b" }, "name"),
            ("/tasks/", "{\"name\": \"\\ud800\"}", "name"), ("/tasks/", new { name = new string('x', 201) }, "name"), ("/tasks/", "[]", "non_field_errors"), ("/tasks/", "{\"name\": null}", "name"),
            ("/tasks/", new { name = "Contrastive learning" }, "name"), ("/tasks/", new { name = "t", area = "nowhere" }, "area"), ("/tasks/", new { name = "t", parent_task = "none" }, "parent_task"),
            ("/datasets/", new { name = "d", url = "javascript:alert(1)" }, "url"), ("/datasets/", new { name = "WebVision" }, "name"),
            ("/evaluations/", new { task = "none", dataset = "minimal" }, "task"), ("/evaluations/", new { task = "contrastive-learning", dataset = "none" }, "dataset"),
            ("/evaluations/", new { task = "contrastive-learning", dataset = "minimal" }, "non_field_errors"),
            ($"{table}metrics/", new { name = "accuracy" }, "name"), ($"{table}metrics/", new { name = "b", is_loss = "yes" }, "is_loss"),
            (results, new { methodology = "m" }, "metrics"), (results, new { metrics = new { accuracy = 1 } }, "methodology"), (results, new { metrics = "1", methodology = "m" }, "metrics"),
            (results, new { metrics = new { acuracy = 1 }, methodology = "m" }, "metrics"), (results, new { metrics = new { accuracy = true }, methodology = "m" }, "metrics"),
            (results, new { metrics = new { accuracy = new[] { 1 } }, methodology = "m" }, "metrics"), (results, new { metrics = new { }, methodology = "m", paper = "no-such-paper" }, "paper"),
            (results, new { metrics = new { }, methodology = "m", evaluated_on = "20.11.2020" }, "evaluated_on"), (results, new { metrics = new { }, methodology = "m", evaluated_on = "2020-02-30" }, "evaluated_on"),
            (results, new { metrics = new { }, methodology = "m", evaluated_on = 2020 }, "evaluated_on"), (results, new { metrics = new { }, methodology = "m", external_source_url = "entry 1" }, "external_source_url"),
            (results, new { metrics = new { }, methodology = "m", uses_additional_data = 1 }, "uses_additional_data"),
        ])
        {
            var error = await ada.RefusedAsync(400, "POST", path, body);
            Assert.True(error.TryGetProperty(field, out var reasons) && reasons.GetArrayLength() > 0, $"{field}: {error}");
        }
        foreach (var body in (string[])["", "{", "{\"name\": \"a\", \"name\": \"b\"}", "nul", "{\"metrics\": {\"\\ud800\": 1}, \"methodology\": \"m\"}", string.Concat(Enumerable.Repeat("[", 300)), "{\"metrics\":" + string.Concat(Enumerable.Repeat("{\"a\":", 300))])
        {
            Assert.NotEmpty(Text(await ada.RefusedAsync(400, "POST", results, body), "detail"));
        }
        await ada.RefusedAsync(413, "POST", results, new { metrics = new { }, methodology = new string('x', 1 << 20) });
        await ada.RefusedAsync(400, "PATCH", table, new { dataset = "none" });
        await ada.RefusedAsync(404, "PATCH", $"{results}7x/", new { methodology = "m" });
        Assert.Empty((await ada.ListAsync("Result", results)).Ids);
    }

    [Fact]
    public async Task Figures_are_kept_as_written_and_unknown_papers_by_their_address()
    {
        using var ada = await api.ClientOfAsync("ada-figures");
        var table = await TableAsync(ada, "contrastive-learning", "minimal", ("accuracy", false));
        foreach (var figure in (string[])["\"NaN\"", "1e400", "-0.0", "12345678901234567890.123", "\"73.9 ± 0.2%\"", "\"<b>9</b>\""])
        {
            var row = await ada.PostAsync("Result", $"{table}results/", $$"""{"metrics": {"accuracy": {{figure}}}, "methodology": "m"}""");
            Assert.Equal(figure.Trim('"'), Text(row.GetProperty("metrics"), "accuracy"));
        }
        foreach (var (name, expected) in (IEnumerable<(string, string)>)
        [
            ("https://arxiv.org/abs/2009.07995v3", "mopro-webly-supervised-learning-with"), ("https://arxiv.org/pdf/2009.07995.pdf", "mopro-webly-supervised-learning-with"),
            ("https://paperswithcode.com/paper/second", "second"), ("2009.07995", "mopro-webly-supervised-learning-with"), ("https://papers.example/minimal", "on-the-minimal-teaching-sets-of-two"),
            ("https://arxiv.org/abs/1512.03385", "https://arxiv.org/abs/1512.03385"),
        ])
        {
            var row = await ada.PostAsync("Result", $"{table}results/", new { metrics = new { }, methodology = "m", paper = name });
            Assert.Equal(expected, Text(row, "paper"));
        }
    }

    private static async Task<string> TableAsync(OldClient client, string task, string dataset, params (string Name, bool IsLoss)[] metrics)
    {
        var table = $"/evaluations/{Id(await client.PostAsync("EvaluationTable", "/evaluations/", new { task, dataset }))}/";
        foreach (var (name, isLoss) in metrics)
        {
            await client.PostAsync("Metric", $"{table}metrics/", new { name, description = "", is_loss = isLoss });
        }
        return table;
    }

    private static async Task<IEnumerable<string>> RanksAsync(OldClient client, string table) =>
        (await client.ListAsync("Result", $"{table}results/")).Results
            .Select(row => $"{Text(row, "methodology")} {row.GetProperty("best_rank")} {Text(row, "best_metric")}");

    private static string Id(JsonElement row) => Text(row, "id");

    private static string Text(JsonElement row, string field) => row.GetProperty(field).GetString() ?? "";
}
