namespace Leaderboard.Demo;

/// <summary>How hard a picture is: the ranges of its nuisance. Lengths are shares of the short side.</summary>
/// <param name="SmallestRadius">Smallest radius of the shape.</param>
/// <param name="LargestRadius">Largest radius of the shape.</param>
/// <param name="LeastContrast">Least difference in luma between shape and background, in [0, 1].</param>
/// <param name="MostTexture">Largest amplitude of the background's waves, in [0, 1].</param>
/// <param name="MostBlur">Largest width of the shape's soft edge.</param>
/// <param name="MostNoise">Largest standard deviation of the noise, in [0, 1].</param>
/// <param name="MostDistractors">Largest number of dots and lines laid over the shape.</param>
internal sealed record Difficulty(
    float SmallestRadius,
    float LargestRadius,
    float LeastContrast,
    float MostTexture,
    float MostBlur,
    float MostNoise,
    int MostDistractors)
{
    public static readonly Difficulty Mild = new(0.19f, 0.4f, 0.12f, 0.16f, 0.08f, 0.2f, 6);

    public static readonly Difficulty Severe = new(0.16f, 0.36f, 0.1f, 0.2f, 0.1f, 0.3f, 8);
}
