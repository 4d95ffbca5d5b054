namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>How far a probe has come.</summary>
/// <param name="Rounds">Passes over the features.</param>
/// <param name="Finished">Heads that are done.</param>
/// <param name="Heads">All of them.</param>
/// <param name="Gap">The largest gap of a head that is not done, 0 without one; infinite while one has not begun.</param>
internal readonly record struct ProbeProgress(int Rounds, int Finished, int Heads, double Gap);
