using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests.EvaluationTables;

public sealed class ExportingTablesTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_is_in_the_archives_form_keys_sorted_rows_and_metrics_in_their_order()
    {
        await api.AddTableAsync("t-on-a", ["Z Score", "Error-"], task: "t", path: ["A"]);
        await api.AddTableAsync("t-on-a-b", ["F1"], task: "t", path: ["A", "B"]);
        await api.AddTableAsync("t-on-c", ["F1"], task: "t", path: ["C"]);
        await api.AddTableAsync("t-on-c-d", ["F1"], task: "t", path: ["C", "D"]);
        await api.AddRowAsync("t-on-a", "Zürich <b>", ["73.9%", "n/a"], paperDate: "2020-09-17");
        await api.AddRowAsync("t-on-a", "second", ["1.2M", null], extra: true);
        await api.ExecuteAsync("""
            update tasks set areas = '{Vision}', synonyms = '{s}', source_url = 'https://example.org/' where id = 't';
            update evaluation_tables set position = 1, has_sota = false where id = 't-on-c';
            update evaluation_tables set links = '[{"url": "u", "title": "t"}]', description = 'd' where id = 't-on-a';
            update table_rows set tags = '["ResNet"]', paper_title = '' where model_name = 'second'
            """);
        var text = await ExportAsync("?origin=archive");
        var expected = """
              {
                "categories": [
                  "Vision"
                ],
                "datasets": [
                  {
                    "dataset": "A",
                    "dataset_citations": [],
                    "dataset_links": [
                      {
                        "title": "t",
                        "url": "u"
                      }
                    ],
                    "description": "d",
                    "sota": {
                      "metrics": [
                        "Z Score",
                        "Error"
                      ],
                      "rows": [
                        {
                          "code_links": [],
                          "metrics": {
                            "Error": "n/a",
                            "Z Score": "73.9%"
                          },
                          "model_links": [],
                          "model_name": "Zürich <b>",
                          "paper_date": "2020-09-17",
                          "paper_title": null,
                          "paper_url": null,
                          "uses_additional_data": false
                        },
                        {
                          "code_links": [],
                          "metrics": {
                            "Z Score": "1.2M"
                          },
                          "model_links": [],
                          "model_name": "second",
                          "paper_date": null,
                          "paper_title": "",
                          "paper_url": null,
                          "tags": [
                            "ResNet"
                          ],
                          "uses_additional_data": true
                        }
                      ]
                    },
                    "subdatasets": [
                      {
                        "dataset": "B",
                        "dataset_citations": [],
                        "dataset_links": [],
                        "description": "",
                        "sota": {
                          "metrics": [
                            "F1"
                          ],
                          "rows": []
                        },
                        "subdatasets": []
                      }
                    ]
                  },
                  {
                    "dataset": "C",
                    "dataset_citations": [],
                    "dataset_links": [],
                    "description": "",
                    "subdatasets": [
            """;
        Assert.Contains(expected.ReplaceLineEndings("\n"), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_below_several_is_whole_once_and_a_circle_ends()
    {
        await api.AddTableAsync("x", ["F1"], task: "below");
        await api.ExecuteAsync("""
            insert into tasks (id, name, description, origin)
            values ('left', 'left', '', 'archive'), ('right', 'right', '', 'archive'), ('ring', 'ring', '', 'archive');
            insert into task_parents (task_id, parent_id)
            values ('below', 'left'), ('below', 'right'), ('ring', 'below'), ('below', 'ring')
            """);
        using var export = JsonDocument.Parse(await ExportAsync("?origin=archive"));
        var left = Task(export.RootElement, "left");
        var below = Task(left.GetProperty("subtasks"), "below");
        Assert.Equal(1, below.GetProperty("datasets").GetArrayLength());
        var ring = Task(below.GetProperty("subtasks"), "ring");
        foreach (var named in (JsonElement[])[ring, Task(export.RootElement, "right")])
        {
            var again = Task(named.GetProperty("subtasks"), "below");
            Assert.Equal(0, again.GetProperty("datasets").GetArrayLength());
            Assert.Equal(0, again.GetProperty("subtasks").GetArrayLength());
        }
    }

    [Fact]
    public async Task What_is_not_the_archives_says_so_and_can_be_had_alone()
    {
        await api.CreateBenchmarkAsync("exported");
        var evaluation = await api.MeasureAsync("exported", "measured", "1110");
        await api.ReportAsync("exported", "reported", 0.5);
        using var ada = await api.CreateUserAsync("export-ada");
        var owner = await api.ScalarAsync<Guid>("select id from users where name = 'export-ada'");
        await api.AddTableAsync("of-export-ada", ["F1"], user: owner);
        await api.AddTableAsync("archived", ["F1"]);
        await api.AddRowAsync("archived", "added", ["1"]);
        await api.ExecuteAsync("update table_rows set user_id = @owner where model_name = 'added'", new { owner });

        using var benchmarks = JsonDocument.Parse(await ExportAsync("?origin=benchmark"));
        var dataset = Task(benchmarks.RootElement, "image-classification").GetProperty("datasets").EnumerateArray()
            .Single(one => one.GetProperty("dataset").GetString() == "exported / exported@1");
        Assert.Equal(
            """{"benchmark":"exported@1","origin":"benchmark","table":"image-classification-on-exported"}""",
            Compact(dataset.GetProperty("leaderboard")));
        Assert.Equal(
            [$"measured verified {evaluation} 75", "reported reported 50"],
            dataset.GetProperty("sota").GetProperty("rows").EnumerateArray().Select(
                row => $"{row.GetProperty("model_name")} {row.GetProperty("leaderboard").GetProperty("kind")} "
                    + (row.GetProperty("leaderboard").GetProperty("kind").GetString() == "verified" ? $"{row.GetProperty("leaderboard").GetProperty("row")} " : "")
                    + row.GetProperty("metrics").GetProperty("Top 1 Accuracy")));
        Assert.DoesNotContain("archived", await ExportAsync("?origin=benchmark"), StringComparison.Ordinal);

        var user = await ExportAsync("?origin=user");
        Assert.Contains("\"table\": \"of-export-ada\"", user, StringComparison.Ordinal);
        Assert.DoesNotContain("exported@1", user, StringComparison.Ordinal);
        Assert.DoesNotContain("added", await ExportAsync("?origin=archive"), StringComparison.Ordinal);
        var all = await ExportAsync("");
        Assert.Contains("\"added_by\": \"export-ada\"", all, StringComparison.Ordinal);
        Assert.Contains("exported@1", all, StringComparison.Ordinal);
    }

    private async Task<string> ExportAsync(string query)
    {
        using var response = await api.Anonymous.GetAsync($"/api/v1/evaluation-tables.json{query}", Token);
        await response.ReadAsync(HttpStatusCode.OK);
        Assert.Contains("rel=\"license\"", Assert.Single(response.Headers.GetValues("Link")), StringComparison.Ordinal);
        return await response.Content.ReadAsStringAsync(Token);
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private static JsonElement Task(JsonElement tasks, string name) =>
        tasks.EnumerateArray().Single(task => task.GetProperty("task").GetString() == name);
}
