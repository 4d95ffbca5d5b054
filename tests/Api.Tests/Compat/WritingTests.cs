using System.Text.Json;
using static Leaderboard.Api.Tests.Compat.OldClientTables;

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
}
