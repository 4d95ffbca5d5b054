using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Leaderboard.Api.Search;

/// <summary>Text as HTML in which some words are marked: <c>&lt;mark&gt;</c> is the only element that it can hold.</summary>
internal sealed class Highlighter(IReadOnlySet<string> marked)
{
    private const int SnippetLength = 240;
    private const int LeadingLength = 60;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>All of it.</summary>
    public string Mark(string text)
    {
        var html = new StringBuilder();
        var end = 0;
        foreach (var word in Words.RangesOf(text).Where(word => marked.Contains(text[word])))
        {
            html.Append(Encoder.Encode(text[end..word.Start.Value]))
                .Append("<mark>").Append(Encoder.Encode(text[word])).Append("</mark>");
            end = word.End.Value;
        }
        return html.Append(Encoder.Encode(text[end..])).ToString();
    }

    /// <summary>The part of a long text that has the most of the words, the first such; null of an empty text.</summary>
    public string? Snippet(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }
        var hits = Words.RangesOf(text).Where(word => marked.Contains(text[word])).Select(word => word.Start.Value).ToList();
        var first = hits.Count == 0 ? 0 : hits.MaxBy(start =>
            hits.Where(hit => hit >= start && hit < start + SnippetLength - LeadingLength)
                .Select(hit => Initial(text, hit)).Distinct().Count());
        var from = first <= LeadingLength ? 0 : WordStart(text, first - LeadingLength);
        var to = text.Length - from <= SnippetLength ? text.Length : WordStart(text, from + SnippetLength);
        return $"{(from > 0 ? "… " : "")}{Mark(text[from..to].Trim())}{(to < text.Length ? " …" : "")}";
    }

    // Words are told apart by how they begin: 'learn' and 'learning' are one hit, not two.
    private static string Initial(string text, int start) =>
        text.Substring(start, Math.Min(4, text.Length - start)).ToUpperInvariant();

    private static int WordStart(string text, int from)
    {
        var space = text.IndexOf(' ', from);
        return space < 0 || space - from > LeadingLength ? WholeCharacter(text, from) : space + 1;
    }

    private static int WholeCharacter(string text, int at) => at < text.Length && char.IsLowSurrogate(text[at]) ? at + 1 : at;
}
