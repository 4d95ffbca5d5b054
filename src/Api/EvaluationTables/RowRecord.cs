namespace Leaderboard.Api.EvaluationTables;

/// <summary>Which rows of a table are ranked, and by what.</summary>
/// <param name="MetricId">Id of the metric.</param>
/// <param name="ExtraData">Only rows that use additional training data, or none of them; null: all.</param>
/// <param name="Kind"><c>verified</c> or <c>reported</c>; null: both.</param>
internal sealed record RowFilter(string MetricId, bool? ExtraData = null, string? Kind = null);

/// <summary>A row of a table, with its figures.</summary>
/// <param name="Id">A number, or of a benchmark's the evaluation, or what a model, paper and source make.</param>
/// <param name="Dated">When it was evaluated, else when its paper was written down or published.</param>
/// <param name="CodeLinks"><c>[{title, url}]</c>, as <c>ModelLinks</c> are.</param>
/// <param name="Cost">By which a page ranks it, smaller is better; null where it has no number, and outside a page.</param>
internal sealed record RowRecord(
    string TableId,
    string Id,
    string Kind,
    int Position,
    string ModelName,
    string? PaperId,
    string? PaperSlug,
    string? PaperTitle,
    string? PaperUrl,
    DateOnly? PaperDate,
    DateOnly? EvaluatedOn,
    DateOnly? Dated,
    bool UsesAdditionalData,
    string CodeLinks,
    string ModelLinks,
    string Tags,
    string? ExternalId,
    string? ExternalSourceUrl,
    Guid? UserId,
    Guid? EvaluationId,
    double? Cost)
{
    /// <summary>By the table's order of metrics; of one metric the better first.</summary>
    public IReadOnlyList<FigureRecord> Figures { get; init; } = [];

    /// <summary>The figure of its best rank, by the first metric that has it; null where no figure is a number.</summary>
    public FigureRecord? Best => Figures.Where(figure => figure.Rank is not null).MinBy(figure => figure.Rank);
}

/// <summary>A row's figure in a metric.</summary>
/// <param name="Raw">As it was written.</param>
/// <param name="Value">The number that it is; null where it is none, and then it has no rank.</param>
/// <param name="Rank">Among all rows of the table, or those that a filter leaves; ties share it.</param>
internal sealed record FigureRecord(
    string TableId,
    string RowId,
    string MetricId,
    string Raw,
    double? Value,
    string? Unit,
    double? Deviation,
    int? Rank)
{
    public string MetricName { get; init; } = "";
}

/// <summary>Where a page of rows begins: behind this row.</summary>
/// <param name="Cost">Smaller is better; null where it has no number.</param>
internal sealed record RowPlace(double? Cost, DateOnly? Dated, int Position, string Id)
{
    public static RowPlace Of(RowRecord row) => new(row.Cost, row.Dated, row.Position, row.Id);
}
