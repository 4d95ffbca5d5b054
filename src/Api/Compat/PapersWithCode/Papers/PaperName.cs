using System.Text.RegularExpressions;

namespace Leaderboard.Api.Compat.PapersWithCode.Papers;

/// <summary>
/// What a text may name a paper by: a slug of Papers With Code or our id, an arXiv id, an address of any of them, or of the
/// paper itself.
/// </summary>
/// <param name="Text">As written.</param>
/// <param name="Slug">A slug, or an id of ours; null where it is an address of something else.</param>
/// <param name="ArxivId">Without its version.</param>
/// <param name="Url">The address, where it is one.</param>
internal sealed partial record PaperName(string Text, string? Slug, string? ArxivId, string? Url)
{
    public static PaperName Read(string text)
    {
        var arxiv = Catalogue.Papers.ArxivId.Find(text);
        if (!text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            && !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return new PaperName(text, text, arxiv, Url: null);
        }
        var page = PaperPage().Match(text);
        return new PaperName(text, page.Success ? page.Groups["slug"].Value : null, arxiv, text);
    }

    [GeneratedRegex(@"^https?://[^/?#]+/(?:.*/)?papers?/(?<slug>[^/?#]+)/?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PaperPage();
}
