using System.Collections.Frozen;
using System.Globalization;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>What a figure of an evaluation table says, where it is plainly one number.</summary>
/// <remarks>
/// <para>
/// A figure is <c>[~|≈] number [suffix] [deviation] [marks]</c>, blanks allowed between. A number has ASCII digits, commas
/// only between thousands, a point, an exponent, a sign (<c>-</c>, <c>−</c> or <c>+</c>): <c>96247</c>, <c>1,234.5</c>,
/// <c>-3.2</c>, <c>1e-5</c>, <c>.5</c>. "About" does not make it less of a number: <c>~12</c> is 12.
/// </para>
/// <para>
/// A suffix is a multiplier, a unit, or both: <c>k K</c> a thousand, <c>m M</c> a million (tables count parameters so:
/// <c>3.0m</c>), <c>b B G</c> and <c>bn</c> 10⁹, <c>T</c> 10¹²; <c>thousand</c>, <c>million</c>, <c>billion</c>,
/// <c>trillion</c>. The multiplier is applied (<c>1.2M</c> is 1,200,000); a unit is kept as written (<c>12 ms</c>), whatever
/// others of the column are in. With a multiplier only what is counted has a unit: <c>4.1 GFLOPs</c>, <c>25M params</c>.
/// </para>
/// <para>
/// A deviation is <c>±</c>, <c>+-</c>, <c>+/-</c> or <c>\pm</c> and a number that is not negative, in parentheses or not; it
/// has the figure's suffix, or gives it one: <c>73.9 ± 0.2%</c>. Marks of footnotes (<c>* † ‡ §</c>) are left out.
/// </para>
/// <para>
/// Anything else is no number: nothing, <c>-</c>, <c>N/A</c>, a bound (<c>&lt;0.1</c>), a range (<c>1-2</c>), a pair
/// (<c>80/90</c>), a decimal comma (<c>73,9</c>, which may as well be a pair), a remark (<c>91.3 (5-shot)</c>), what no
/// <see langword="double"/> holds, and text of more than 100 characters.
/// </para>
/// </remarks>
/// <param name="Value">With its multiplier applied; null where the text is not plainly one number.</param>
/// <param name="Unit">As written: <c>%</c>, <c>ms</c>; null where there is none.</param>
/// <param name="Deviation">In the unit of the value; null where there is none.</param>
internal readonly record struct Figure(double? Value, string? Unit, double? Deviation)
{
    private const int MaxLength = 100;
    private const string FootnoteMarks = "*†‡§";

    // The longest first, so that "+/-" is not taken for a sign.
    private static readonly string[] DeviationSigns = ["±", "+/-", "+-", @"\pm"];

    private static readonly FrozenDictionary<string, double> Multipliers = new Dictionary<string, double>
    {
        ["k"] = 1e3,
        ["K"] = 1e3,
        ["thousand"] = 1e3,
        ["m"] = 1e6,
        ["M"] = 1e6,
        ["million"] = 1e6,
        ["b"] = 1e9,
        ["B"] = 1e9,
        ["G"] = 1e9,
        ["bn"] = 1e9,
        ["billion"] = 1e9,
        ["T"] = 1e12,
        ["trillion"] = 1e12,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Units = FrozenSet.ToFrozenSet(
    [
        "%", "‰", "ns", "us", "µs", "μs", "ms", "s", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "h",
        "hr", "hrs", "hour", "hours", "day", "days", "fps", "hz", "khz", "mhz", "kb", "mb", "gb", "tb", "kib", "mib", "gib",
        "db", "px", "pixel", "pixels", "mm", "cm", "km", "meter", "meters", "°", "deg", "degrees", "j", "mj", "kwh", "w", "bpp", "bpd",
        "bpc", "bit", "bits", "x", "×", "points", "pts", "pp",
    ], StringComparer.OrdinalIgnoreCase);

    // What multipliers stand before.
    private static readonly FrozenSet<string> Counted = FrozenSet.ToFrozenSet(
        ["flop", "flops", "mac", "macs", "madds", "param", "params", "parameters", "tokens"], StringComparer.OrdinalIgnoreCase);

    public static Figure Parse(string raw)
    {
        var rest = raw.AsSpan().Trim();
        if (rest.Length > MaxLength)
        {
            return default;
        }
        rest = rest.TrimEnd(FootnoteMarks).TrimEnd();
        if (rest is ['~' or '≈', ..])
        {
            rest = rest[1..].TrimStart();
        }
        if (!TakeNumber(ref rest, out var value) || !TakeSuffix(ref rest, out var suffix))
        {
            return default;
        }
        double? deviation = null;
        if (!rest.IsEmpty)
        {
            if (!TakeDeviation(ref rest, out var spread, out var itsSuffix)
                || (suffix is not null && itsSuffix is not null && suffix != itsSuffix))
            {
                return default;
            }
            suffix ??= itsSuffix;
            deviation = Scale(spread, suffix);
        }
        value = Scale(value, suffix);
        return rest.IsEmpty && double.IsFinite(value) && deviation is not double.PositiveInfinity
            ? new Figure(value, suffix?.Unit, deviation)
            : default;
    }

    // In decimal where that holds it, so that 4.1G and 4100M are equal.
    private static double Scale(double value, Suffix? suffix) => suffix is null or { Multiplier: 1 }
        ? value
        : Math.Abs(value) is > 1e-6 and < 1e15 ? (double)((decimal)value * (decimal)suffix.Multiplier) : value * suffix.Multiplier;

    private static bool TakeDeviation(ref ReadOnlySpan<char> rest, out double deviation, out Suffix? suffix)
    {
        (deviation, suffix) = (0, null);
        var inParentheses = rest is ['(', .., ')'];
        var inner = (inParentheses ? rest[1..^1] : rest).Trim();
        foreach (var sign in DeviationSigns)
        {
            if (inner.StartsWith(sign, StringComparison.Ordinal))
            {
                inner = inner[sign.Length..].TrimStart();
                rest = inParentheses ? default : rest[^inner.Length..];
                var isTaken = inner is not ['+' or '-' or '−', ..] && TakeNumber(ref inner, out deviation)
                              && TakeSuffix(ref inner, out suffix) && inner.IsEmpty;
                rest = inner;
                return isTaken;
            }
        }
        return false;
    }

    private static bool TakeNumber(ref ReadOnlySpan<char> rest, out double value)
    {
        Span<char> digits = stackalloc char[MaxLength];
        var (length, at) = (0, 0);
        if (rest is ['-' or '−' or '+', ..])
        {
            digits[length++] = rest[at++] == '+' ? '+' : '-';
        }
        var whole = Digits(rest, at);
        var isGrouped = false;
        rest.Slice(at, whole).CopyTo(digits[length..]);
        (length, at) = (length + whole, at + whole);
        while (at < rest.Length && rest[at] == ',' && (isGrouped || rest[at - whole] != '0') && whole is >= 1 and <= 3
               && Digits(rest, at + 1) == 3)
        {
            rest.Slice(at + 1, 3).CopyTo(digits[length..]);
            (length, at, isGrouped) = (length + 3, at + 4, true);
        }
        var decimals = 0;
        if (at < rest.Length && rest[at] == '.')
        {
            decimals = Digits(rest, at + 1);
            rest.Slice(at, decimals + 1).CopyTo(digits[length..]);
            (length, at) = (length + decimals + 1, at + decimals + 1);
        }
        if (at + 1 < rest.Length && rest[at] is 'e' or 'E')
        {
            var sign = rest[at + 1] is '-' or '+' ? 1 : 0;
            var exponent = Digits(rest, at + 1 + sign);
            if (exponent > 0)
            {
                rest.Slice(at, 1 + sign + exponent).CopyTo(digits[length..]);
                (length, at) = (length + 1 + sign + exponent, at + 1 + sign + exponent);
            }
        }
        value = 0;
        if (whole + decimals == 0
            || !double.TryParse(digits[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }
        rest = rest[at..].TrimStart();
        return true;
    }

    private static int Digits(ReadOnlySpan<char> text, int from)
    {
        var to = from;
        while (to < text.Length && char.IsAsciiDigit(text[to]))
        {
            to++;
        }
        return to - from;
    }

    /// <returns>False where a word follows that is none.</returns>
    private static bool TakeSuffix(ref ReadOnlySpan<char> rest, out Suffix? suffix)
    {
        suffix = null;
        var word = rest[..WordLength(rest)];
        if (word.IsEmpty)
        {
            return true;
        }
        rest = rest[word.Length..].TrimStart();
        var (text, units) = (word.ToString(), Counted);
        if (Multipliers.TryGetValue(text, out var multiplier))
        {
            var next = rest[..WordLength(rest)].ToString();
            if (units.Contains(next))
            {
                rest = rest[next.Length..].TrimStart();
                suffix = new Suffix(multiplier, next);
            }
            else
            {
                suffix = new Suffix(multiplier, null);
            }
        }
        else if (Units.Contains(text) || units.Contains(text))
        {
            suffix = new Suffix(1, text);
        }
        else if (units.Contains(text[1..]) && Multipliers.TryGetValue(text[..1], out multiplier))
        {
            suffix = new Suffix(multiplier, text[1..]);
        }
        return suffix is not null;
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsLetter(text[length]) || text[length] is '%' or '‰' or '°' or '×'))
        {
            length++;
        }
        return length;
    }

    private sealed record Suffix(double Multiplier, string? Unit);
}
