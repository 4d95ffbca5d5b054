using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Compat;

public sealed class SynchronizingTests(CompatApi api) : IClassFixture<CompatApi>
{
    [Fact]
    public async Task A_competition_is_mirrored_as_its_readme_says_and_sent_again_nothing_changes()
    {
        using var ada = await api.ClientOfAsync("ada-mirror");
        var sent = Competition("Contrastive Learning", "VeryTinyImageNet");
        var first = await ada.SynchronizeAsync(sent);
        Assert.Equal("contrastive-learning-on-verytinyimagenet", first.GetProperty("id").GetString());
        Assert.Equal("verytinyimagenet", first.GetProperty("dataset").GetString());
        Assert.Equal(
            ["", "mopro-webly-supervised-learning-with", "https://arxiv.org/abs/1512.03385"],
            first.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("paper").GetString() ?? ""));
        var shown = await ResultsAsync(ada, first);
        Assert.Equal(["Mine 1", "MoPro 2", "ResNet-50 (baseline) 2"], shown.Select(Ranked));

        var again = await ada.SynchronizeAsync(sent);
        Assert.Equal(first.ToString(), again.ToString());
        Assert.Equal(shown.Select(row => row.ToString()), (await ResultsAsync(ada, again)).Select(row => row.ToString()));
    }

    [Fact]
    public async Task What_changed_is_changed_what_is_new_is_added_and_what_is_gone_is_deleted()
    {
        using var ada = await api.ClientOfAsync("ada-changes");
        var sent = Competition("contrastive-learning", "minimal");
        var first = await ada.SynchronizeAsync(sent);
        sent["description"] = "Changed.";
        sent["metrics"] = new JsonArray(Metric("Loss"), Metric("Top 1 Accuracy", isLoss: false));
        sent["results"] = new JsonArray(
            Row("Mine, renamed", "id-1", ("Top 1 Accuracy", 70), ("Loss", 0.5)), Row("New", "id-9", ("Loss", "0.25")), Row("ResNet-50 (baseline)", null, ("Loss", 1)));
        sent["results"]![2]!["paper"] = "https://arxiv.org/abs/1512.03385";
        var second = await ada.SynchronizeAsync(sent);
        Assert.Equal((first.GetProperty("id").GetString(), "Changed."), (second.GetProperty("id").GetString(), second.GetProperty("description").GetString()));
        var (before, after) = (Ids(first), Ids(second));
        Assert.Equal((before[0], before[2]), (after[0], after[2]));
        Assert.Equal(["New 1", "Mine, renamed 1", "ResNet-50 (baseline) 3"], (await ResultsAsync(ada, second)).Select(Ranked));
        Assert.Equal(["Loss", "Top 1 Accuracy"], (await ada.ListAsync("Metric", $"/evaluations/{second.GetProperty("id").GetString()}/metrics/"))
            .Results.Select(metric => metric.GetProperty("name").GetString()));
        Assert.True(second.GetProperty("metrics")[0].GetProperty("is_loss").GetBoolean());
    }

    [Fact]
    public async Task A_table_is_found_by_its_external_id_wherever_it_has_moved()
    {
        using var ada = await api.ClientOfAsync("ada-external");
        using var bob = await api.ClientOfAsync("bob-external");
        var sent = Competition("contrastive-learning", "webvision");
        sent["external_id"] = "board-7";
        var first = await ada.SynchronizeAsync(sent);
        sent["task"] = "representation-learning";
        var moved = await ada.SynchronizeAsync(sent);
        Assert.Equal((first.GetProperty("id").GetString(), "representation-learning"), (moved.GetProperty("id").GetString(), moved.GetProperty("task").GetString()));
        Assert.Equal(Ids(first), Ids(moved));
        var other = await bob.SynchronizeAsync(sent);
        Assert.Equal("representation-learning-on-webvision-2", other.GetProperty("id").GetString());
        sent["external_id"] = "board-8";
        Assert.Contains("board-7", (await ada.RefusedAsync(400, "POST", "/rpc/evaluation-synchronize/", sent)).GetProperty("external_id")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_at_once_make_one_table()
    {
        using var ada = await api.ClientOfAsync("ada-twice");
        var sent = Competition("contrastive-learning", "Raced");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ada.SynchronizeAsync(sent)));
        Assert.Single(answers.Select(answer => answer.ToString()).Distinct());
        Assert.Equal(3, (await ResultsAsync(ada, answers[0])).Count);
    }

    [Fact]
    public async Task Ten_thousand_results_are_taken_in_one_request()
    {
        using var ada = await api.ClientOfAsync("ada-many");
        var sent = Competition("contrastive-learning", "Many");
        sent["results"] = new JsonArray([.. Enumerable.Range(0, 10_000).Select(one => Row($"m{one} {new string('x', 60)}", $"id-{one}", ("Top 1 Accuracy", one)))]);
        Assert.True(sent.ToJsonString().Length > 1 << 20);
        var first = await ada.SynchronizeAsync(sent);
        Assert.Equal(Ids(first), Ids(await ada.SynchronizeAsync(sent)));
        var page = await ada.ListAsync("Result", $"/evaluations/{first.GetProperty("id").GetString()}/results/", page: 20, itemsPerPage: 500);
        Assert.Equal((10_000, null, 10_000), (page.Count, page.NextPage, page.Results[^1].GetProperty("best_rank").GetInt32()));
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_nothing_is_done()
    {
        using var ada = await api.ClientOfAsync("ada-faults");
        using var anonymous = new OldClient(api);
        await anonymous.RefusedAsync(401, "POST", "/rpc/evaluation-synchronize/", Competition("contrastive-learning", "Faults"));
        foreach (var (change, field) in (IEnumerable<(Action<JsonObject>, string)>)
        [
            (sent => sent["task"] = "No Such Task", "task"), (sent => sent.Remove("dataset"), "dataset"), (sent => sent["metrics"] = "none", "metrics"),
            (sent => sent["metrics"]!.AsArray().Add(Metric("Top 1 Accuracy")), "metrics[2].name"), (sent => sent["metrics"]![0]!["is_loss"] = "no", "metrics[0].is_loss"),
            (sent => sent["results"]![0]!.AsObject().Remove("evaluated_on"), "results[0].evaluated_on"), (sent => sent["results"]![0]!["evaluated_on"] = null, "results[0].evaluated_on"),
            (sent => sent["results"]![1]!["external_id"] = "id-1", "results[1].external_id"), (sent => sent["results"]![1]!["metrics"] = new JsonObject { ["Top 3"] = 1 }, "results[1].metrics"),
            (sent => sent["results"]![2]!["paper"] = "no-such-paper", "results[2].paper"), (sent => sent["results"]!.AsArray().Add(3), "results[3]"),
            (sent => sent["mirror_url"] = "ftp://x/", "mirror_url"),
            (sent => sent["results"] = new JsonArray([.. Enumerable.Range(0, 20_001).Select(_ => new JsonObject())]), "results"),
        ])
        {
            var sent = Competition("contrastive-learning", "Faults");
            change(sent);
            var error = await ada.RefusedAsync(400, "POST", "/rpc/evaluation-synchronize/", sent);
            Assert.True(error.TryGetProperty(field, out _), $"{field}: {error}");
        }
        await ada.RefusedAsync(404, "GET", "/datasets/faults/");
    }

    private static JsonObject Competition(string task, string dataset) => new()
    {
        ["task"] = task,
        ["dataset"] = dataset,
        ["description"] = "In *Markdown*",
        ["mirror_url"] = null,
        ["external_id"] = null,
        ["metrics"] = new JsonArray(Metric("Top 1 Accuracy", isLoss: false), Metric("Top 5 Accuracy", isLoss: false)),
        ["results"] = new JsonArray(
            Of("", Row("Mine", "id-1", ("Top 1 Accuracy", "85"), ("Top 5 Accuracy", "95"))),
            Of("https://arxiv.org/abs/2009.07995", Row("MoPro", "id-2", ("Top 1 Accuracy", "80"))),
            Of("https://arxiv.org/abs/1512.03385",
                Row("ResNet-50 (baseline)", null, ("Top 1 Accuracy", "75"), ("Top 5 Accuracy", "81")))),
    };

    private static JsonObject Of(string paper, JsonObject row)
    {
        row["paper"] = paper;
        return row;
    }

    private static JsonObject Metric(string name, bool? isLoss = null) =>
        isLoss is { } known ? new() { ["name"] = name, ["description"] = "", ["is_loss"] = known } : new() { ["name"] = name };

    private static JsonObject Row(string methodology, string? externalId, params (string Name, JsonNode Figure)[] figures)
    {
        var metrics = new JsonObject();
        foreach (var (name, figure) in figures)
        {
            metrics[name] = figure;
        }
        return new()
        {
            ["metrics"] = metrics,
            ["methodology"] = methodology,
            ["paper"] = null,
            ["uses_additional_data"] = false,
            ["external_id"] = externalId ?? "",
            ["evaluated_on"] = "2020-11-20",
            ["external_source_url"] = "https://my.competition.example/entry",
        };
    }

    private static string[] Ids(JsonElement table) => [.. table.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("id").GetString()!)];

    private static async Task<IReadOnlyList<JsonElement>> ResultsAsync(OldClient client, JsonElement table) =>
        (await client.ListAsync("Result", $"/evaluations/{table.GetProperty("id").GetString()}/results/")).Results;

    private static string Ranked(JsonElement row) => $"{row.GetProperty("methodology").GetString()} {row.GetProperty("best_rank")}";
}
