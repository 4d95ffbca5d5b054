using System.Text.RegularExpressions;

namespace Leaderboard.Api.Archive;

/// <summary>Which paper an address is of: by its slug on Papers With Code, or by its arXiv id without the version.</summary>
internal static partial class PaperAddress
{
    public static (string? Slug, string? ArxivId) Of(string? url)
    {
        if (url is null || url.Length > 1000)
        {
            return default;
        }
        var found = Known().Match(url);
        return (Group("slug"), Group("arxiv"));

        string? Group(string name) => found.Groups[name] is { Success: true, Value: var value } ? value : null;
    }

    /// <summary>Without its version.</summary>
    public static string? ArxivId(string? id) => id is null || id.Length > 100 ? null : Version().Replace(id.Trim(), "") is { Length: > 0 } plain ? plain : null;

    [GeneratedRegex(
        @"^https?://(www\.)?(paperswithcode\.com/paper/(?<slug>[^/?#\s]+)|arxiv\.org/(abs|pdf)/(?<arxiv>\d{4}\.\d{4,5}|[a-z-]+(\.[A-Za-z]{2})?/\d{7}))",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Known();

    [GeneratedRegex("v[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
