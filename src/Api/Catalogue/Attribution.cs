namespace Leaderboard.Api.Catalogue;

/// <summary>Whose work an object of the catalogue is, where it is not this installation's own.</summary>
/// <param name="Text">Whom to name.</param>
/// <param name="Licence">SPDX identifier of the licence under which it may be passed on.</param>
/// <param name="LicenceUrl">Address of the licence.</param>
/// <param name="SourceUrl">Where it is from.</param>
public sealed record Attribution(string Text, string Licence, string LicenceUrl, string SourceUrl)
{
    /// <summary>Everything that an archive of Papers With Code holds.</summary>
    internal static readonly Attribution PapersWithCode = new(
        "Papers with Code, archive of July 2025",
        "CC-BY-SA-4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/",
        "https://github.com/paperswithcode/paperswithcode-data");

    /// <summary>What stands with an object of this origin: <c>catalog</c>, <c>archive</c> or <c>user</c>.</summary>
    internal static Attribution? Of(string origin) => origin == "archive" ? PapersWithCode : null;

    /// <summary>Names the licence in the answer's <c>Link</c> field (RFC 8288) too, for readers that take shapes of others.</summary>
    internal static void SetLicenceLink(HttpContext http) =>
        http.Response.Headers.Append("Link", $"<{PapersWithCode.LicenceUrl}>; rel=\"license\"");
}
