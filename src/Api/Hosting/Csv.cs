using System.Buffers;

namespace Leaderboard.Api.Hosting;

/// <summary>CSV as RFC 4180 has it, safe to open in a spreadsheet.</summary>
internal static class Csv
{
    public const string MediaType = "text/csv";

    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");

    /// <summary>
    /// A text as one cell. A spreadsheet would run what begins like a formula, so such a text gets an apostrophe.
    /// </summary>
    public static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }
        var safe = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return safe.AsSpan().ContainsAny(NeedQuotes) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    /// <summary>A number as one cell, in the shortest form that reads back the same.</summary>
    public static string Cell<T>(T? number)
        where T : struct, ISpanFormattable => number is { } value ? string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{value}") : "";

    public static string Line(params ReadOnlySpan<string> cells) => string.Join(',', cells!) + "\r\n";
}
