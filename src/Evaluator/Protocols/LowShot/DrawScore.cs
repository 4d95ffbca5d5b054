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
