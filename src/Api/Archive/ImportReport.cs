using System.Text.Json;
using Dapper;
using Leaderboard.Api.Catalogue;
using Leaderboard.Shared;
using Npgsql;

namespace Leaderboard.Api.Archive;

/// <summary>What an import has done.</summary>
/// <param name="Files">What was read.</param>
/// <param name="Tables">Rows touched, by table; one that is not named, or counts nothing, is as it was.</param>
/// <param name="Unparsed">Figures that are not plainly one number, by metric, the most first: kept as text, not ranked.</param>
/// <param name="UnparsedTexts">Their most frequent texts.</param>
/// <param name="Problems">The first records that were left out.</param>
internal sealed record ImportReport(
    IReadOnlyList<ImportedFile> Files,
    IReadOnlyDictionary<string, MergeCounts> Tables,
    IReadOnlyList<CountedText> Unparsed,
    IReadOnlyList<CountedText> UnparsedTexts,
    IReadOnlyList<RecordProblem> Problems)
{
    private const int MetricsPrinted = 20;

    public Attribution Attribution { get; } = Attribution.PapersWithCode;

    public string ToJson() => JsonSerializer.Serialize(this, LeaderboardJson.Options);

    public void Print(TextWriter output)
    {
        foreach (var file in Files)
        {
            output.WriteLine($"{Path.GetFileName(file.Path)}: {file.Records:#,##0} records" + (file.Problems > 0 ? $", {file.Problems:#,##0} left out" : ""));
        }
        output.WriteLine();
        output.WriteLine($"{"",-22} {"added",10} {"changed",10} {"removed",10}");
        foreach (var (table, counts) in Tables)
        {
            output.WriteLine($"{table,-22} {counts.Added,10:#,##0} {counts.Changed,10:#,##0} {counts.Removed,10:#,##0}");
        }
        output.WriteLine();
        output.WriteLine($"{Unparsed.Sum(metric => metric.Count):#,##0} figures are not plainly numbers: they are kept as text and not ranked.");
        foreach (var metric in Unparsed.Take(MetricsPrinted))
        {
            output.WriteLine($"{metric.Count,10:#,##0}  {metric.Text}");
        }
        if (Unparsed.Count > 0)
        {
            output.WriteLine("They read, the most frequent first:");
        }
        foreach (var text in UnparsedTexts)
        {
            output.WriteLine($"{text.Count,10:#,##0}  {(text.Text.Length == 0 ? "(nothing)" : text.Text)}");
        }
        output.WriteLine();
        output.WriteLine($"{Attribution.Text}, {Attribution.SourceUrl}, {Attribution.Licence}: named wherever this data is shown or exported.");
    }

    /// <summary>Says which records are bad.</summary>
    public static void PrintProblems(IReadOnlyList<RecordProblem> problems, long count, TextWriter output)
    {
        foreach (var problem in problems)
        {
            output.WriteLine($"{problem.File}: record {problem.Record}: {problem.Path}: {problem.Reason}");
        }
        if (count > problems.Count)
        {
            output.WriteLine($"… and {count - problems.Count:#,##0} more.");
        }
    }
}

/// <summary>A text and how often it stands there.</summary>
internal sealed record CountedText(string Text, long Count);

/// <summary>What the staged figures hold that is no number.</summary>
internal static class UnparsedQueries
{
    private const string Metrics = """
        select s.metric as text, count(*) as count
        from staged_values s
        join merged_tables t on t.number = s.table_number
        where s.value is null group by s.metric order by 2 desc, 1
        """;

    private const string Texts = """
        select left(s.raw, 60) as text, count(*) as count
        from staged_values s
        join merged_tables t on t.number = s.table_number
        where s.value is null group by 1 order by 2 desc, 1 limit 20
        """;

    public static async Task<IReadOnlyList<CountedText>> UnparsedMetricsAsync(this NpgsqlConnection connection) =>
        (await connection.QueryAsync<CountedText>(Metrics, commandTimeout: 0)).AsList();

    public static async Task<IReadOnlyList<CountedText>> UnparsedTextsAsync(this NpgsqlConnection connection) =>
        (await connection.QueryAsync<CountedText>(Texts, commandTimeout: 0)).AsList();
}
