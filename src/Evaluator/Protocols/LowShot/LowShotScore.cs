using Leaderboard.Evaluator.Metrics;
using Leaderboard.Shared.Statistics;

namespace Leaderboard.Evaluator.Protocols.LowShot;

/// <summary>What one draw's classifiers reach on all test images.</summary>
/// <param name="Shots">Images drawn of each class.</param>
/// <param name="Number">Which of the draws with that many, from 0.</param>
/// <param name="Value">Accuracy, or mean average precision over the classes that test images have; in [0, 1].</param>
/// <param name="Correct">Test images classified right, where each has one class.</param>
/// <param name="AveragePrecisions">
/// Of each class, where images have several; null for a class that no test image has.
/// </param>
internal sealed record DrawScore(
    int Shots, int Number, double Value, long? Correct, IReadOnlyList<double?>? AveragePrecisions);

/// <summary>The score of one number of shots over its draws, as MoPro reports it.</summary>
/// <param name="Shots">Images drawn of each class.</param>
/// <param name="Mean">Mean of the draws' values.</param>
/// <param name="StandardDeviation">Of the draws' values as a whole population, as the script prints it.</param>
/// <param name="Interval">
/// For the mean over further draws, see <see cref="TInterval"/>; null for a single draw. The draws share their test images
/// and overlap in their train images, which it does not know of.
/// </param>
/// <param name="Draws">Each draw.</param>
internal sealed record LowShotScore(
    int Shots, double Mean, double StandardDeviation, Interval? Interval, IReadOnlyList<DrawScore> Draws)
{
    /// <summary>One score for each number of shots, in the order of the draws.</summary>
    public static IReadOnlyList<LowShotScore> Over(IEnumerable<DrawScore> draws) => [.. draws
        .GroupBy(draw => draw.Shots)
        .Select(group =>
        {
            double[] values = [.. group.Select(draw => draw.Value)];
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
            return new LowShotScore(group.Key, mean, deviation, TInterval.Of(values), [.. group]);
        })];
}
