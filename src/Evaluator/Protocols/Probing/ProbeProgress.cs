namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>How far a probe has come.</summary>
/// <param name="Rounds">Passes over the features.</param>
/// <param name="Finished">Heads that are done.</param>
/// <param name="Heads">All of them.</param>
/// <param name="Gap">The largest gap of the searches under way, 0 without one.</param>
internal readonly record struct ProbeProgress(int Rounds, int Finished, int Heads, double Gap);
