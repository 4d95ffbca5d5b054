using System.Text.Json;

namespace Leaderboard.Api.Tests.Compat;

/// <summary>Makes tables as the old client does.</summary>
internal static class OldClientTables
{
    public static async Task<string> TableAsync(OldClient client, string task, string dataset, params (string Name, bool IsLoss)[] metrics)
    {
        var table = $"/evaluations/{Id(await client.PostAsync("EvaluationTable", "/evaluations/", new { task, dataset }))}/";
        foreach (var (name, isLoss) in metrics)
        {
            await client.PostAsync("Metric", $"{table}metrics/", new { name, description = "", is_loss = isLoss });
        }
        return table;
    }

    public static async Task<IEnumerable<string>> RanksAsync(OldClient client, string table) =>
        (await client.ListAsync("Result", $"{table}results/")).Results
            .Select(row => $"{Text(row, "methodology")} {row.GetProperty("best_rank")} {Text(row, "best_metric")}");

    public static string Id(JsonElement row) => Text(row, "id");

    public static string Text(JsonElement row, string field) => row.GetProperty(field).GetString() ?? "";
}
