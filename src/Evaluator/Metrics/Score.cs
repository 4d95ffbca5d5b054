using Leaderboard.Shared.Statistics;

namespace Leaderboard.Evaluator.Metrics;

/// <summary>The value of one metric of one evaluation.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Value">Its value, a fraction in [0, 1].</param>
/// <param name="Interval">Where one is defined for this metric; it names its method.</param>
/// <param name="Correct">Samples counted as right, where the value is a proportion.</param>
/// <param name="Count">Samples counted.</param>
internal sealed record Score(string Metric, double Value, Interval? Interval, long? Correct, long? Count);
