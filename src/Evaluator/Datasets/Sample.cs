namespace Leaderboard.Evaluator.Datasets;

/// <summary>One image of a dataset and its true class.</summary>
/// <param name="Path">Path relative to the dataset's folder, with forward slashes.</param>
/// <param name="Target">Index of the class, in [0, class_count).</param>
internal sealed record Sample(string Path, int Target);
