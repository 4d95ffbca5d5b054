using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>A resampling filter of Pillow: its weight at a distance and the distance at which it ends.</summary>
internal sealed record ResampleFilter(double Support, Func<double, double> Weight)
{
    public static readonly ResampleFilter Bilinear = new(1.0, x => Math.Max(0.0, 1.0 - Math.Abs(x)));

    public static readonly ResampleFilter Bicubic = new(2.0, Cubic);

    /// <summary>The filter that an eval transform names.</summary>
    public static ResampleFilter Named(string interpolation) => interpolation switch
    {
        EvalTransform.Bilinear => Bilinear,
        EvalTransform.Bicubic => Bicubic,
        _ => throw new ArgumentException($"'{interpolation}' is no interpolation.", nameof(interpolation)),
    };

    // The order of operations is Pillow's (Resample.c): the sums are rounded, so it decides the last bit.
    private static double Cubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        return x < 1.0 ? ((((A + 2.0) * x) - (A + 3.0)) * x * x) + 1
            : x < 2.0 ? ((((x - 5) * x) + 8) * x - 4) * A
            : 0.0;
    }
}
