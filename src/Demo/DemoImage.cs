using System.Numerics;
using NetVips;

namespace Leaderboard.Demo;

/// <summary>One rendered sample: its class, and its bytes as a JPEG file.</summary>
internal sealed record DemoImage(int Target, byte[] Jpeg)
{
    private const int ShortestSide = 90;
    private const int LongestSide = 400;

    /// <summary>Renders sample <paramref name="index"/> of a set; the same arguments give the same bytes.</summary>
    /// <param name="setSeed">Seed of the set.</param>
    /// <param name="index">Which sample of the set, from 0; classes take turns.</param>
    /// <param name="difficulty">The ranges that nuisance is drawn from.</param>
    public static DemoImage Render(int setSeed, int index, Difficulty difficulty)
    {
        // A generator of its own for each sample, so that samples can be rendered in any order, and in parallel.
        var random = new Random(unchecked((setSeed * 1_000_003) + index));
        var target = index % Shapes.All.Count;
        var (width, height) = (random.Next(ShortestSide, LongestSide + 1), random.Next(ShortestSide, LongestSide + 1));
        var pixels = Rasterise(random, target, difficulty, width, height);

        using var rgb = Image.NewFromMemory(pixels, width, height, 3, Enums.BandFormat.Uchar);
        using var srgb = rgb.Copy(interpretation: Enums.Interpretation.Srgb);
        using var grey = srgb.Colourspace(Enums.Interpretation.Bw);
        var isGrey = random.Next(10) == 0;
        var subsampling = random.Next(2) == 0 ? Enums.ForeignSubsample.On : Enums.ForeignSubsample.Off;
        var jpeg = (isGrey ? grey : srgb).JpegsaveBuffer(q: random.Next(60, 96), subsampleMode: subsampling);
        return new DemoImage(target, jpeg);
    }

    private static byte[] Rasterise(Random random, int target, Difficulty difficulty, int width, int height)
    {
        var shortSide = (float)Math.Min(width, height);
        var scene = new Scene(random, target, difficulty, width / shortSide, height / shortSide);
        var pixels = new byte[width * height * 3];
        for (var (y, at) = (0, 0); y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var colour = scene.ColourAt(new Vector2(x + 0.5f, y + 0.5f) / shortSide);
                for (var channel = 0; channel < 3; channel++)
                {
                    var value = colour[channel] + (scene.NoiseDeviation * Noise(random));
                    pixels[at++] = (byte)Math.Clamp(MathF.Round(value * 255), 0, 255);
                }
            }
        }

        return pixels;
    }

    // Sum of uniform draws: near enough to normal, with mean 0 and variance 1.
    private static float Noise(Random random) =>
        2 * (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f);
}
