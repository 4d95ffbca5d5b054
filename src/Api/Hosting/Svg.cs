using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Leaderboard.Api.Hosting;

/// <summary>What drawing an SVG image takes. Names of models are anybody's: they are text, never markup.</summary>
internal static class Svg
{
    public const string MediaType = "image/svg+xml";

    public static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    /// <summary>An element; content that is no attribute or element is text.</summary>
    public static XElement Element(string name, params object[] content) => new(
        Namespace + name, content.Select(part => part is string text ? Clean(text) : part));

    public static XAttribute At(string name, double number) =>
        new(name, Math.Round(number, 1).ToString(CultureInfo.InvariantCulture));

    public static XAttribute Is(string name, string text) => new(name, Clean(text));

    /// <summary>Without the few characters that XML cannot hold, whatever else a text may.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                clean.Append(text, i++, 2);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
            }
        }
        return clean.ToString();
    }

    /// <summary>At most so many characters, none of them cut in two.</summary>
    public static string Shorten(string text, int length)
    {
        var starts = StringInfo.ParseCombiningCharacters(text);
        return starts.Length <= length ? text : text[..starts[length - 1]].TrimEnd() + "…";
    }

    /// <summary>About how wide a text is in a sans-serif font: in pixels, at a size of 11.</summary>
    public static double Width(string text) => text.EnumerateRunes().Sum(rune => rune.Value switch
    {
        'i' or 'j' or 'l' or '.' or ',' or ':' or '\'' or '|' or 'I' or 'f' or 't' or 'r' or ' ' or '-' => 4.0,
        'm' or 'w' or 'M' or 'W' or '@' or '%' => 10.2,
        >= 'A' and <= 'Z' => 7.8,
        < 0x1100 => 6.8,
        _ => 11.5,
    });
}
