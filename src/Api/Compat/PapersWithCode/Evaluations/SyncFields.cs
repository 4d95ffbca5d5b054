namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

/// <summary>A whole table as a request says it should be.</summary>
internal sealed record SyncFields(
    string? Description,
    string? MirrorUrl,
    string? ExternalId,
    IReadOnlyList<SyncFields.Metric> Metrics,
    IReadOnlyList<SyncFields.Row> Rows)
{
    public const int MaxResults = 20_000;

    private const int MaxMetrics = 100;

    /// <summary>Of results with faults: of thousands with the same one, some are enough.</summary>
    private const int MaxFaults = 20;

    public static SyncFields Read(Fields fields)
    {
        var metrics = ReadMetrics(fields);
        return new SyncFields(
            fields.Optional("description", Fields.MaxText) ?? "", fields.Url("mirror_url") ?? "",
            Filled(fields.Optional("external_id", Fields.MaxName)), metrics, ReadRows(fields, [.. metrics.Select(metric => metric.Name)]));
    }

    private static List<Metric> ReadMetrics(Fields fields)
    {
        var metrics = new List<Metric>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in fields.List("metrics", MaxMetrics))
        {
            var name = item.Required("name", Fields.MaxName) ?? "";
            if (name.Length > 0 && !names.Add(name))
            {
                item.Refuse("name", $"The metric \"{name}\" is there twice.");
            }
            metrics.Add(new Metric(
                metrics.Count + 1, name, item.Optional("description", Fields.MaxText) ?? "", item.Flag("is_loss") ?? true));
        }
        return metrics;
    }

    private static List<Row> ReadRows(Fields fields, HashSet<string> metrics)
    {
        var rows = new List<Row>();
        var externalIds = new HashSet<string>(StringComparer.Ordinal);
        var faults = 0;
        foreach (var item in fields.List("results", MaxResults))
        {
            var before = item.Faults;
            var row = new Row(
                rows.Count + 1, item, ResultFields.Read(item, isDateRequired: true), Filled(item.Optional("external_id", Fields.MaxName)));
            row.Result.RequireKnownMetrics(item, metrics);
            if (row.ExternalId is { } id && !externalIds.Add(id))
            {
                item.Refuse("external_id", $"The id \"{id}\" is there twice.");
            }
            rows.Add(row);
            if (item.Faults > before && ++faults == MaxFaults)
            {
                break;
            }
        }
        return rows;
    }

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <param name="Position">From 1, in the order sent.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Description">What it is.</param>
    /// <param name="IsLoss">Whether less is better.</param>
    public sealed record Metric(int Position, string Name, string Description, bool IsLoss);

    /// <param name="Position">From 1, in the order sent.</param>
    /// <param name="Fields">Where it was read.</param>
    /// <param name="Result">What it says.</param>
    /// <param name="ExternalId">Its id elsewhere.</param>
    public sealed record Row(int Position, Fields Fields, ResultFields Result, string? ExternalId);
}
