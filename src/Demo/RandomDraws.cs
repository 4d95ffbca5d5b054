using System.Numerics;

namespace Leaderboard.Demo;

internal static class RandomDraws
{
    public static float Between(this Random random, float low, float high) =>
        low + ((high - low) * random.NextSingle());

    public static Vector3 Colour(this Random random) =>
        new(random.NextSingle(), random.NextSingle(), random.NextSingle());
}
