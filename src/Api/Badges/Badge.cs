using System.Globalization;
using System.Xml.Linq;
using Leaderboard.Api.Hosting;
using static Leaderboard.Api.Hosting.Svg;

namespace Leaderboard.Api.Badges;

/// <summary>A badge in the manner of shields.io: what it is about on the left, what it says on the right.</summary>
internal static class Badge
{
    private const int Height = 20;
    private const double Padding = 6;
    private const int NameLength = 40;

    public static string Draw(string benchmark, string model, Place place)
    {
        var said = place.Rank is { } rank
            ? string.Create(CultureInfo.InvariantCulture, $"#{rank} of {place.Count} on {Shorten(benchmark, NameLength)}")
            : $"unranked on {Shorten(benchmark, NameLength)}";
        var colour = place.Rank switch
        {
            null => "#767676",
            1 => "#1a7f37",
            <= 3 => "#3a7d1c",
            <= 10 => "#0969da",
            _ => "#57606a",
        };
        var (left, right) = (Svg.Width("rank") + 2 * Padding, Svg.Width(said) + 2 * Padding);
        return Element(
            "svg", At("width", left + right), At("height", Height), Is("role", "img"), Is("aria-label", $"rank: {said}"),
            Element("title", $"{model}: {said}"),
            Element(
                "linearGradient", Is("id", "s"), Is("x2", "0"), Is("y2", "100%"),
                Element("stop", Is("offset", "0"), Is("stop-color", "#bbb"), Is("stop-opacity", ".1")),
                Element("stop", Is("offset", "1"), Is("stop-opacity", ".1"))),
            Element("clipPath", Is("id", "r"), Rectangle(0, left + right, "#fff", Is("rx", "3"))),
            Element(
                "g", Is("clip-path", "url(#r)"), Rectangle(0, left, "#555"), Rectangle(left, right, colour),
                Rectangle(0, left + right, "url(#s)")),
            Element(
                "g", Is("fill", "#fff"), Is("text-anchor", "middle"), Is("font-size", "11"),
                Is("font-family", "Verdana,Geneva,DejaVu Sans,sans-serif"),
                Text("rank", left / 2, left - 2 * Padding), Text(said, left + right / 2, right - 2 * Padding)))
            .ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Rectangle(double x, double width, string fill, params XAttribute[] more) =>
        Element("rect", At("x", x), At("width", width), At("height", Height), Is("fill", fill), more);

    // Squeezed or stretched to the width that was reckoned with, whatever font there is; a shadow keeps it readable.
    private static IEnumerable<XElement> Text(string text, double x, double width) =>
    [
        Element(
            "text", Is("aria-hidden", "true"), At("x", x), At("y", 15), Is("fill", "#010101"), Is("fill-opacity", ".3"),
            At("textLength", width), text),
        Element("text", At("x", x), At("y", 14), At("textLength", width), text),
    ];
}
