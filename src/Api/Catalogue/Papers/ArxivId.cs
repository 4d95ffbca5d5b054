using System.Text.RegularExpressions;

namespace Leaderboard.Api.Catalogue.Papers;

/// <summary>Numbers of papers on arXiv: <c>2009.07995</c>, or <c>hep-th/9901001</c> until 2007.</summary>
internal static partial class ArxivId
{
    /// <summary>
    /// The number that a text is, bare, behind <c>arxiv:</c> or in an address, without its version; null where it is none.
    /// </summary>
    public static string? Find(string? text) =>
        Pattern.Match(text ?? "") is { Success: true } match ? match.Groups["number"].Value : null;

    [GeneratedRegex(
        @"^\s*(?:(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:\s*)?"
        + @"(?<number>[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]+)?(?:\.pdf)?/?(?:[?#].*)?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
