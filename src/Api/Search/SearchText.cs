using System.Text;
using System.Text.RegularExpressions;
using Leaderboard.Api.Catalogue.Papers;

namespace Leaderboard.Api.Search;

/// <summary>What somebody typed, taken apart.</summary>
/// <param name="Whole">All of it, without quotes; of an address of arXiv the id.</param>
/// <param name="Loose">What stands outside of quotes.</param>
/// <param name="Phrases">What stands in quotes, each to be found as it is.</param>
/// <param name="IsTyping">Whether the last word may go on.</param>
internal sealed partial record SearchText(string Whole, string Loose, IReadOnlyList<string> Phrases, bool IsTyping)
{
    public static SearchText Read(string query)
    {
        var text = query.Normalize(NormalizationForm.FormKC);
        if (ArxivId.Find(text) is { } number)
        {
            return new SearchText(number, number, [], IsTyping: false);
        }
        var phrases = new List<string>();
        var loose = Quoted().Replace(text, quoted =>
        {
            if (quoted.Groups["phrase"].Value.Trim() is { Length: > 0 } phrase)
            {
                phrases.Add(phrase);
            }
            return " ";
        });
        return new SearchText(
            Quotes().Replace(text, " "), loose, phrases, IsTyping: text.Length > 0 && char.IsLetterOrDigit(text[^1]));
    }

    [GeneratedRegex("[\"“”„](?<phrase>[^\"“”„]*)[\"“”]")]
    private static partial Regex Quoted();

    [GeneratedRegex("[\"“”„]")]
    private static partial Regex Quotes();
}
