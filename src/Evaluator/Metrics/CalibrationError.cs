using Leaderboard.Shared.Statistics;

namespace Leaderboard.Evaluator.Metrics;

/// <summary>
/// The expected calibration error (C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On calibration of modern neural
/// networks", ICML 2017; gpleiss/temperature_scaling): samples fall by their confidence into 15 bins of equal width on
/// (0, 1], each closed on the right, and the distances between a bin's accuracy and its mean confidence are averaged
/// with the bins' shares of the samples. In [0, 1], 0 is best.
/// </summary>
/// <remarks>
/// The error of a sample is larger than that of its population, most so where a network is well calibrated, and a
/// resample's is larger still: a percentile interval of it misses. Here the seeded bootstrap resamples the bins' gaps,
/// and the interval is as wide on both sides as 95 % of resamples are apart from the sample, summed over the bins. By
/// the triangle inequality the error is no farther off than that, so the interval errs on the wide side.
/// </remarks>
internal sealed class CalibrationError
{
    public const string Method = "bootstrap_1000_seed_0";

    private const int Bins = 15;
    private const int Resamples = 1000;

    // By sample: its bin, and what it adds to the bin's gap between accuracy and confidence.
    private readonly byte[] bins;
    private readonly double[] gaps;
    private readonly double[] measured;

    public CalibrationError(IReadOnlyList<(float Confidence, bool Correct)> samples)
    {
        bins = [.. samples.Select(sample => BinOf(sample.Confidence))];
        gaps = [.. samples.Select(sample => (sample.Correct ? 1 : 0) - (double)sample.Confidence)];
        measured = new double[Bins];
        for (var i = 0; i < gaps.Length; i++)
        {
            measured[bins[i]] += gaps[i];
        }
        Value = Math.Min(1, measured.Sum(Math.Abs) / gaps.Length);
    }

    public double Value { get; }

    public Interval Interval()
    {
        var draws = new SeededDraws(seed: 0);
        var distances = new double[Resamples];
        var resampled = new double[Bins];
        for (var resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(resampled);
            for (var i = 0; i < gaps.Length; i++)
            {
                var drawn = draws.Next(gaps.Length);
                resampled[bins[drawn]] += gaps[drawn];
            }
            distances[resample] = resampled.Zip(measured, (one, other) => Math.Abs(one - other)).Sum() / gaps.Length;
        }
        Array.Sort(distances);
        var distance = distances[Resamples * 95 / 100 - 1];
        return new Interval(Math.Max(0, Value - distance), Math.Min(1, Value + distance), Method);
    }

    // Exact: a float's 24 bits times 15 fit a double. A confidence of 0, which no softmax has, counts as the lowest.
    private static byte BinOf(float confidence) => (byte)Math.Max(0, Math.Ceiling(confidence * (double)Bins) - 1);
}
