using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Leaderboard.Api.Hosting;

/// <summary>What is wrong with a request, by field, all of it at once.</summary>
internal sealed class Errors
{
    private readonly SortedDictionary<string, List<string>> byField = new(StringComparer.Ordinal);

    public void Add(string field, string reason)
    {
        if (!byField.TryGetValue(field, out var reasons))
        {
            byField[field] = reasons = [];
        }
        reasons.Add(reason);
    }

    /// <summary>Adds the reason where the claim does not hold.</summary>
    public bool Require(bool claim, string field, string reason)
    {
        if (!claim)
        {
            Add(field, reason);
        }
        return claim;
    }

    /// <summary>
    /// A text of some length without characters that are not seen: controls, and formats, which make one name look like
    /// another or turn what follows round.
    /// </summary>
    public void RequireText(string text, string field, int maxLength) =>
        Require(
            text.Length is > 0 && text.Length <= maxLength && !string.IsNullOrWhiteSpace(text)
                && !text.EnumerateRunes().Any(IsUnseen),
            field,
            $"must be 1 to {maxLength} characters, none of them a control or format character");

    private static bool IsUnseen(Rune character) => Rune.GetUnicodeCategory(character) is
        UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>An address that a browser can open.</summary>
    public void RequireUrl(string url, string field)
    {
        RequireText(url, field, maxLength: 2000);
        Require(
            Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https",
            field,
            "must be an absolute http or https URL");
    }

    public RefusedException Refusal()
    {
        Debug.Assert(byField.Count > 0);
        var detail = string.Join("; ", byField.Select(field => $"{field.Key} {field.Value[0]}"));
        return Problems.ValidationFailed.Because(
            $"{detail}.", byField.ToDictionary(field => field.Key, field => field.Value.ToArray()));
    }

    public void ThrowIfAny()
    {
        if (byField.Count > 0)
        {
            throw Refusal();
        }
    }
}
