using System.Globalization;
using Spectre.Console;

namespace Leaderboard.Cli;

/// <summary>How numbers and tables look to people: percent, never fractions.</summary>
internal static class Format
{
    /// <summary>73.9 for 0.739, 75.78 for 0.7578: a published figure gets no decimals that it never had.</summary>
    public static string Percent(double? fraction) =>
        fraction is { } value ? (100 * value).ToString("0.0#", CultureInfo.InvariantCulture) : "";

    public static string Interval(IReadOnlyList<double>? interval) =>
        interval is [var low, var high]
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * low:0.00}–{100 * high:0.00}")
            : "";

    public static string Bytes(long count) => count switch
    {
        < 1_000_000 => $"{count / 1e3:0.0} kB",
        < 1_000_000_000 => $"{count / 1e6:0.0} MB",
        _ => $"{count / 1e9:0.00} GB",
    };

    public static string Duration(double? seconds) =>
        seconds is { } value
            ? TimeSpan.FromSeconds(Math.Ceiling(value)).ToString("c", CultureInfo.InvariantCulture)
            : "";

    /// <summary>An empty table; '>' before a title aligns to the right, '~' lets the column wrap.</summary>
    public static Table Table(params string[] titles)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var title in titles)
        {
            table.AddColumn(new TableColumn(title.TrimStart('>', '~'))
            {
                Alignment = title.StartsWith('>') ? Justify.Right : Justify.Left,
                NoWrap = !title.StartsWith('~'),
                Padding = new Padding(0, 0, 1, 0),
            });
        }

        return table;
    }

    /// <summary>Adds a row of plain text; what the server sent is never read as markup.</summary>
    public static void AddTextRow(this Table table, params string[] cells) =>
        table.AddRow(cells.Select(cell => new Text(cell)));
}
