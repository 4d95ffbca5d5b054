using System.Text.Json;
using Leaderboard.Tests.Support;

namespace Leaderboard.Api.Tests.EvaluationTables;

/// <summary>Evaluation tables in the archive's form, as sota-extractor wrote them.</summary>
internal static class RealTables
{
    public static string Folder => RealData.At("archive");

    public static IEnumerable<(string Metric, string Raw)> Figures() =>
        from file in Directory.EnumerateFiles(Folder, "*.json")
        from task in JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.EnumerateArray()
        from dataset in task.GetProperty("datasets").EnumerateArray()
        from row in dataset.GetProperty("sota").GetProperty("rows").EnumerateArray()
        from metric in row.GetProperty("metrics").EnumerateObject()
        select (metric.Name, metric.Value.GetString()!);
}
