using System.Globalization;
using System.Text;

namespace Leaderboard.Api.Search;

/// <summary>The words of a text: letters and digits, with the marks upon them.</summary>
internal static class Words
{
    public static IEnumerable<Range> RangesOf(string text)
    {
        var start = -1;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            if (!Rune.IsLetterOrDigit(rune) && Rune.GetUnicodeCategory(rune) is not UnicodeCategory.NonSpacingMark)
            {
                if (start >= 0)
                {
                    yield return start..i;
                }
                start = -1;
            }
            else if (start < 0)
            {
                start = i;
            }
            i += length;
        }
        if (start >= 0)
        {
            yield return start..text.Length;
        }
    }

    public static IEnumerable<string> Of(string text) => RangesOf(text).Select(range => text[range]);

    /// <summary>In small letters without accents, as names are compared.</summary>
    public static string Fold(string word)
    {
        var folded = new StringBuilder(word.Length);
        foreach (var rune in word.Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.NonSpacingMark)
            {
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
            }
        }
        return folded.ToString();
    }

    public static string Replace(string text, Func<string, string> replacement)
    {
        var replaced = new StringBuilder();
        var end = 0;
        foreach (var range in RangesOf(text))
        {
            replaced.Append(text, end, range.Start.Value - end).Append(replacement(text[range]));
            end = range.End.Value;
        }
        return replaced.Append(text, end, text.Length - end).ToString();
    }
}
