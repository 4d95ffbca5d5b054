namespace Leaderboard.Shared.Statistics;

/// <summary>An interval of confidence of 95 %, both ends in [0, 1].</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Method">How it was made, by the name that stands beside the score.</param>
public readonly record struct Interval(double Low, double High, string Method);
