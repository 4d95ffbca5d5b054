using static Leaderboard.Api.Tests.Compat.OldClientTables;

namespace Leaderboard.Api.Tests.Compat;

/// <summary>What its users may not write, and what is wrong in what they do.</summary>
public sealed class RefusedWritesTests(CompatApi api) : IClassFixture<CompatApi>
{
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
}
