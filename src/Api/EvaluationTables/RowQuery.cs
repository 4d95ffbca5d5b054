using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>Which rows of a table are ranked, as a request words it.</summary>
internal sealed record RowQuery
{
    [FromQuery(Name = "metric")]
    [Description("Name or id of the metric that ranks; the table's first by default.")]
    public string? Metric { get; init; }

    [FromQuery(Name = "extra_data")]
    [Description("Only rows that use additional training data (true), or none of them (false).")]
    public bool? ExtraData { get; init; }

    [FromQuery(Name = "kind")]
    [Description("Only what was measured here (verified), or what is claimed elsewhere (reported); both by default.")]
    [AllowedValues("verified", "reported")]
    public string? Kind { get; init; }

    /// <summary>The same, checked against the table.</summary>
    public async Task<RankedTable> OfAsync(string id, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var table = await db.GetTableAsync(id, cancellationToken);
        var metrics = (await db.ListMetricsAsync([id], cancellationToken))[id].ToList();
        // A table may have no metric yet: then no row of it has a rank.
        var ranking = Metric is null ? metrics.FirstOrDefault() : Find(metrics, Metric);
        var errors = new Errors();
        errors.Require(
            Metric is null || ranking is not null,
            "metric", $"must be one of {string.Join(", ", metrics.Select(metric => metric.Name))}");
        errors.Require(Kind is null or "verified" or "reported", "kind", "must be verified or reported");
        errors.ThrowIfAny();
        return new RankedTable(table, metrics, ranking, new RowFilter(ranking?.Id ?? "", ExtraData, Kind));
    }

    /// <summary>The metric of this id, or else of this name.</summary>
    public static MetricRecord? Find(List<MetricRecord> metrics, string metric) =>
        metrics.Find(known => known.Id == metric) ?? metrics.Find(known => known.Name == metric);
}

/// <summary>A table, and which of its rows are ranked by what.</summary>
internal sealed record RankedTable(
    TableRecord Table, List<MetricRecord> Metrics, MetricRecord? Ranking, RowFilter Filter)
{
    public string RankingName => Ranking?.Name ?? "";

    public bool HigherIsBetter => Ranking is { IsLoss: false };
}
