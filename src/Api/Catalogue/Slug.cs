using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Leaderboard.Api.Catalogue;

/// <summary>Names as parts of addresses, as Papers With Code makes them: <c>self-supervised-learning</c>.</summary>
internal static class Slug
{
    /// <summary>A paper's slug has as many whole words as fit into this.</summary>
    private const int PaperLength = 45;

    /// <summary>
    /// Lower-case letters and digits of any script without their accents, anything else as one hyphen; of a name that has
    /// neither, a digest.
    /// </summary>
    public static string Of(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var rune in name.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                slug.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.NonSpacingMark && slug is [.., not '-'])
            {
                slug.Append('-');
            }
        }
        var text = slug.ToString().TrimEnd('-').Normalize(NormalizationForm.FormC);
        return text.Length > 0
            ? text
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 6));
    }

    /// <summary>A paper's, of its title: <c>mopro-webly-supervised-learning-with-momentum</c>.</summary>
    public static string OfPaper(string title)
    {
        var slug = Of(title);
        if (slug.Length <= PaperLength)
        {
            return slug;
        }
        var end = slug.LastIndexOf('-', PaperLength);
        return end > 0 ? slug[..end] : slug[..PaperLength];
    }
}
