using System.Numerics;

namespace Leaderboard.Demo;

/// <summary>The ten classes, each as its signed distance: negative inside, the shape's radius about 1.</summary>
internal static class Shapes
{
    public static readonly IReadOnlyList<(string Name, Func<Vector2, float> Distance)> All =
    [
        ("disc", p => p.Length() - 0.85f),
        ("ring", p => MathF.Abs(p.Length() - 0.7f) - 0.2f),
        ("triangle", p => Polygon(p, 3)),
        ("square", p => Polygon(p, 4)),
        ("hexagon", p => Polygon(p, 6)),
        ("star", Star),
        ("cross", p => MathF.Min(Box(p, 0.9f, 0.3f), Box(p, 0.3f, 0.9f))),
        ("crescent", p => MathF.Max(p.Length() - 0.9f, 0.75f - (p - new Vector2(0.45f, 0)).Length())),
        ("heart", Heart),
        ("bars", Bars),
    ];

    private static float Box(Vector2 p, float halfWidth, float halfHeight) =>
        MathF.Max(MathF.Abs(p.X) - halfWidth, MathF.Abs(p.Y) - halfHeight);

    // Every side looks the same from the centre: fold the plane into one sector, then one line is left.
    private static float Polygon(Vector2 p, int corners)
    {
        var sector = MathF.Tau / corners;
        var angle = MathF.Atan2(p.Y, p.X);
        var folded = angle - (sector * MathF.Floor(angle / sector)) - (sector / 2);
        return (p.Length() * MathF.Cos(folded)) - MathF.Cos(sector / 2);
    }

    private static float Star(Vector2 p)
    {
        const float HalfSector = MathF.PI / 5;
        var angle = MathF.Abs(MathF.IEEERemainder(MathF.Atan2(p.Y, p.X), 2 * HalfSector));
        var folded = new Vector2(MathF.Cos(angle), MathF.Sin(angle)) * p.Length();
        var tip = Vector2.UnitX;
        var dent = new Vector2(MathF.Cos(HalfSector), MathF.Sin(HalfSector)) * 0.42f;
        var outward = Vector2.Normalize(new Vector2(dent.Y - tip.Y, tip.X - dent.X));
        return Vector2.Dot(folded - tip, outward);
    }

    // A square with a disc on each of two neighbouring sides.
    private static float Heart(Vector2 p)
    {
        var q = p + new Vector2(0.15f, 0.15f);
        var discs = MathF.Min((q - new Vector2(0.5f, 0)).Length(), (q - new Vector2(0, 0.5f)).Length()) - 0.5f;
        return MathF.Min(Box(q, 0.5f, 0.5f), discs);
    }

    private static float Bars(Vector2 p)
    {
        var fromNearest = MathF.Abs(p.X - (0.62f * Math.Clamp(MathF.Round(p.X / 0.62f), -1, 1)));
        return MathF.Max(fromNearest - 0.19f, MathF.Abs(p.Y) - 0.85f);
    }
}
