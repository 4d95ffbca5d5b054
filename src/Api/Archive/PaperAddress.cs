using System.Text.RegularExpressions;
using Leaderboard.Api.Catalogue.Papers;

namespace Leaderboard.Api.Archive;

/// <summary>Which paper an address is of: by its slug on Papers With Code, or by its number on arXiv.</summary>
internal static partial class PaperAddress
{
    public static (string? Slug, string? ArxivId) Of(string? url) => (
        OnPapersWithCode().Match(url ?? "") is { Success: true } page ? page.Groups["slug"].Value : null, ArxivId.Find(url));

    [GeneratedRegex(@"^https?://(?:www\.)?paperswithcode\.com/paper/(?<slug>[^/?#\s]+)", RegexOptions.CultureInvariant)]
    private static partial Regex OnPapersWithCode();
}
