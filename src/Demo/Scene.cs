using System.Numerics;

namespace Leaderboard.Demo;

/// <summary>One picture before it is rasterised: a shape on a background, with everything that hides it.</summary>
internal sealed class Scene
{
    private static readonly Vector3 Luma = new(0.299f, 0.587f, 0.114f);

    private readonly Func<Vector2, float> distance;
    private readonly Vector2 centre;
    private readonly float radius;
    private readonly Matrix3x2 turn;
    private readonly float softness;
    private readonly Vector3 foreground;
    private readonly Vector3 background;
    private readonly Vector3 gradient;
    private readonly Vector2 waves;
    private readonly float waveHeight;
    private readonly List<Distractor> distractors = [];

    /// <summary>Draws a scene of class <paramref name="target"/> from <paramref name="random"/>.</summary>
    /// <param name="random">The only source of chance; equal states give equal scenes.</param>
    /// <param name="target">Class of the shape, an index into <see cref="Shapes.All"/>.</param>
    /// <param name="difficulty">The ranges that nuisance is drawn from.</param>
    /// <param name="width">Width over short side.</param>
    /// <param name="height">Height over short side.</param>
    public Scene(Random random, int target, Difficulty difficulty, float width, float height)
    {
        distance = Shapes.All[target].Distance;
        radius = random.Between(difficulty.SmallestRadius, difficulty.LargestRadius);
        // The eval transform crops the centre square: the shape stays inside it.
        var room = 0.5f - (0.9f * radius);
        centre = new Vector2(width / 2, height / 2)
            + new Vector2(random.Between(-room, room), random.Between(-room, room));
        turn = Matrix3x2.CreateRotation(random.Between(0, MathF.Tau));
        softness = random.Between(0.01f, difficulty.MostBlur) / radius;

        do
        {
            foreground = random.Colour();
            background = random.Colour();
        }
        while (MathF.Abs(Vector3.Dot(foreground - background, Luma)) < difficulty.LeastContrast);

        gradient = (random.Colour() - background) * random.Between(0, 0.25f);
        waves = new Vector2(random.Between(-30, 30), random.Between(-30, 30));
        waveHeight = random.Between(0, difficulty.MostTexture);
        for (var count = random.Next(difficulty.MostDistractors + 1); count > 0; count--)
        {
            distractors.Add(Distractor.Draw(random, new Vector2(width, height)));
        }

        NoiseDeviation = random.Between(0, difficulty.MostNoise);
    }

    /// <summary>Standard deviation of the noise that the rasteriser adds, in [0, 1].</summary>
    public float NoiseDeviation { get; }

    /// <summary>Colour at a point, in [0, 1] give or take the texture; lengths are shares of the short side.</summary>
    public Vector3 ColourAt(Vector2 point)
    {
        var wave = waveHeight * MathF.Sin(Vector2.Dot(waves, point));
        var ground = background + (gradient * point.Y) + new Vector3(wave);
        var inShape = distance(Vector2.Transform(point - centre, turn) / radius);
        var colour = Vector3.Lerp(ground, foreground, Coverage(inShape, softness));
        foreach (var distractor in distractors)
        {
            colour = Vector3.Lerp(colour, distractor.Colour, Coverage(distractor.Distance(point), 0.01f));
        }

        return colour;
    }

    private static float Coverage(float distance, float softness) => Math.Clamp(0.5f - (distance / softness), 0, 1);

    /// <summary>A thick line, or a dot where both ends meet.</summary>
    private sealed record Distractor(Vector2 From, Vector2 To, float Thickness, Vector3 Colour)
    {
        public static Distractor Draw(Random random, Vector2 extent)
        {
            var from = new Vector2(random.Between(0, extent.X), random.Between(0, extent.Y));
            var length = random.Next(2) * random.Between(0.2f, 0.8f);
            var angle = random.Between(0, MathF.Tau);
            var to = from + (new Vector2(MathF.Cos(angle), MathF.Sin(angle)) * length);
            var thickness = length > 0 ? random.Between(0.01f, 0.03f) : random.Between(0.02f, 0.07f);
            return new Distractor(from, to, thickness, random.Colour());
        }

        public float Distance(Vector2 point)
        {
            var along = To - From;
            var share = Vector2.Dot(point - From, along) / MathF.Max(along.LengthSquared(), 1e-12f);
            return (point - From - (along * Math.Clamp(share, 0, 1))).Length() - Thickness;
        }
    }
}
