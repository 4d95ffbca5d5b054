using System.Buffers;

namespace Leaderboard.Api.Hosting;

/// <summary>CSV as RFC 4180 has it, safe to open in a spreadsheet.</summary>
internal static class Csv
{
    public const string MediaType = "text/csv";

    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");

    /// <summary>
    /// A text as one cell. A spreadsheet would run what begins like a formula, also behind blanks or in full width, so
    /// such a text gets an apostrophe.
    /// </summary>
    public static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }
        var start = text.AsSpan().TrimStart();
        var isFormula = text[0] is '\t' or '\r'
            || (start.Length > 0 && start[0] is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠');
        var safe = isFormula ? "'" + text : text;
        return safe.AsSpan().ContainsAny(NeedQuotes) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    /// <summary>A number as one cell, in the shortest form that reads back the same.</summary>
    public static string Cell<T>(T? number)
        where T : struct, ISpanFormattable => number is { } value ? string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{value}") : "";

    public static string Line(params ReadOnlySpan<string> cells) => string.Join(',', cells!) + "\r\n";
}
