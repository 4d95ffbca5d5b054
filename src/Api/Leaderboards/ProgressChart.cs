using System.Globalization;
using System.Xml.Linq;
using Leaderboard.Api.Hosting;
using static Leaderboard.Api.Hosting.Svg;

namespace Leaderboard.Api.Leaderboards;

/// <summary>
/// The state of the art over time as a line of steps. It takes no scripts and no fonts, and is read in light and dark.
/// </summary>
internal static class ProgressChart
{
    public const string MediaType = Svg.MediaType;

    private const int Width = 860;
    private const int Height = 460;
    private const int Left = 62;
    private const int Right = 28;
    private const int Top = 78;
    private const int Bottom = 44;
    private const int NameLength = 36;

    private const string Style = """
        svg { color-scheme: light dark; font: 11px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif }
        .page { fill: #ffffff } .title { fill: #1f2328; font-size: 16px; font-weight: 600 }
        .what, .tick { fill: #59636e } .grid { stroke: #d1d9e0; stroke-width: 1 }
        .line { fill: none; stroke: #0969da; stroke-width: 2; stroke-linejoin: round } circle { stroke-width: 2 }
        .verified { fill: #0969da; stroke: #0969da } .reported { fill: #ffffff; stroke: #0969da }
        .name { fill: #1f2328; paint-order: stroke; stroke: #ffffff; stroke-width: 3px; stroke-linejoin: round }
        @media (prefers-color-scheme: dark) {
          .page { fill: #0d1117 } .title { fill: #f0f6fc } .what, .tick { fill: #9198a1 }
          .grid { stroke: #3d444d } .line { stroke: #4493f8 }
          .verified { fill: #4493f8; stroke: #4493f8 } .reported { fill: #0d1117; stroke: #4493f8 }
          .name { fill: #f0f6fc; stroke: #0d1117 }
        }
        """;

    public static string Draw(ProgressLine line)
    {
        var title = $"State of the art on {line.Benchmark}@{line.Version}";
        var chart = Element(
            "svg", Is("viewBox", $"0 0 {Width} {Height}"), At("width", Width), At("height", Height), Is("role", "img"),
            Is("aria-labelledby", "title description"),
            Element("title", Is("id", "title"), title),
            Element("desc", Is("id", "description"), Describe(line)),
            Element("style", Style),
            Element("rect", Is("class", "page"), At("width", Width), At("height", Height), At("rx", 6)),
            Element("text", Is("class", "title"), At("x", Left), At("y", 30), Shorten(title, 80)),
            Element("text", Is("class", "what"), At("x", Left), At("y", 50), What(line)));
        if (line.Points is [])
        {
            chart.Add(Element(
                "text", Is("class", "what"), At("x", Width / 2.0), At("y", Height / 2.0), Is("text-anchor", "middle"),
                "No result yet"));
            return chart.ToString(SaveOptions.DisableFormatting);
        }

        var years = ChartAxis.OfDates(line.Points[0].Date, line.Points[^1].Date, Left, Width - Right);
        var values = ChartAxis.OfPercents(
            100 * line.Points.Min(point => point.Value), 100 * line.Points.Max(point => point.Value),
            Height - Bottom, Top);
        var places = line.Points
            .Select(point => (X: years.At(point.Date.DayNumber), Y: values.At(100 * point.Value))).ToList();
        chart.Add(Grid(years, values), Legend(), Element("path", Is("class", "line"), Is("d", Steps(places))));
        chart.Add(line.Points.Zip(places, (point, place) => Element(
            "circle", Is("class", point.Kind), At("cx", place.X), At("cy", place.Y), At("r", 4.5),
            Element("title", $"{point.ModelName}: {Percent(point.Value)}, {point.Date:yyyy-MM-dd}, {point.Kind}"))));
        chart.Add(Names(line, places));
        return chart.ToString(SaveOptions.DisableFormatting);
    }

    private static string Percent(double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.##} %");

    private static string What(ProgressLine line) =>
        $"{line.Metric.Replace("top", "top-", StringComparison.Ordinal).Replace('_', ' ')}, "
        + $"{(line.HigherIsBetter ? "higher" : "lower")} is better; each point is better than all before it";

    private static string Describe(ProgressLine line) => line.Points is []
        ? "No result yet"
        : string.Join("; ", line.Points.Select(
            point => $"{point.Date:yyyy-MM-dd} {point.ModelName} {Percent(point.Value)}"));

    private static XElement Grid(ChartAxis years, ChartAxis values) => Element(
        "g",
        values.Ticks.Select(tick => Element(
            "line", Is("class", "grid"), At("x1", Left), At("x2", Width - Right),
            At("y1", values.At(tick.Value)), At("y2", values.At(tick.Value)))),
        values.Ticks.Select(tick => Element(
            "text", Is("class", "tick"), At("x", Left - 8), At("y", values.At(tick.Value) + 4),
            Is("text-anchor", "end"), tick.Label)),
        years.Ticks.Select(tick => Element(
            "line", Is("class", "grid"), At("x1", years.At(tick.Value)), At("x2", years.At(tick.Value)),
            At("y1", Height - Bottom), At("y2", Height - Bottom + 5))),
        years.Ticks.Select(tick => Element(
            "text", Is("class", "tick"), At("x", years.At(tick.Value)), At("y", Height - Bottom + 20),
            Is("text-anchor", "middle"), tick.Label)));

    private static XElement Legend() => Element(
        "g",
        Element("circle", Is("class", "verified"), At("cx", Width - Right - 170), At("cy", 26), At("r", 4.5)),
        Element("text", Is("class", "what"), At("x", Width - Right - 160), At("y", 30), "measured here"),
        Element("circle", Is("class", "reported"), At("cx", Width - Right - 62), At("cy", 26), At("r", 4.5)),
        Element("text", Is("class", "what"), At("x", Width - Right - 52), At("y", 30), "reported"));

    // A record holds until the next, and the last to the edge.
    private static string Steps(List<(double X, double Y)> places) => string.Create(
        CultureInfo.InvariantCulture, $"M{places[0].X:0.#} {places[0].Y:0.#}")
        + string.Concat(places.Skip(1).Select(
            place => string.Create(CultureInfo.InvariantCulture, $"H{place.X:0.#}V{place.Y:0.#}")))
        + string.Create(CultureInfo.InvariantCulture, $"H{Width - Right}");

    // There is room for a name where the line comes from, on the better side, and where it goes to, on the other. The
    // newest are named first; one that finds no room is left to the point's own title.
    private static IEnumerable<XElement> Names(ProgressLine line, List<(double X, double Y)> places)
    {
        var taken = new List<Box>();
        for (var i = places.Count - 1; i >= 0; i--)
        {
            var text = $"{Shorten(line.Points[i].ModelName, NameLength)} {Percent(line.Points[i].Value)}";
            var (width, better) = (Svg.Width(text), line.HigherIsBetter ? -8 : 16);
            Box[] rooms =
            [
                new(places[i].X - 8 - width, places[i].X - 8, places[i].Y + better, "end"),
                new(places[i].X + 8, places[i].X + 8 + width, places[i].Y + 8 - better, "start"),
            ];
            if (Array.Find(rooms, room => room.IsInside && !taken.Exists(room.Touches)) is { } free)
            {
                taken.Add(free);
                yield return Element(
                    "text", Is("class", "name"), At("x", free.Anchor == "end" ? free.Right : free.Left),
                    At("y", free.Base), Is("text-anchor", free.Anchor), text);
            }
        }
    }

    /// <summary>Where a name would stand.</summary>
    private sealed record Box(double Left, double Right, double Base, string Anchor)
    {
        private const int LineHeight = 13;

        public bool IsInside => Left > ProgressChart.Left && Right < Width - 4 && Base < Height - Bottom;

        public bool Touches(Box other) =>
            Left < other.Right + 6 && other.Left < Right + 6 && Math.Abs(Base - other.Base) < LineHeight;
    }
}
