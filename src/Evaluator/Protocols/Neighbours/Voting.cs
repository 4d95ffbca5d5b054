namespace Leaderboard.Evaluator.Protocols.Neighbours;

/// <summary>How protocol <c>knn</c> votes, and where it computes.</summary>
/// <param name="ClassCount">Number of classes; targets are in [0, class_count).</param>
/// <param name="K">How many neighbours vote; all of the train split where it has fewer.</param>
/// <param name="Temperature">What similarities are divided by before they are exponentiated; DINO's is 0.07.</param>
/// <param name="Device">Where the products are made: <c>cpu</c> or <c>cuda:N</c>.</param>
internal sealed record Voting(int ClassCount, int K, double Temperature, string Device)
{
    /// <summary>How many queries are compared with how many train samples at a time: memory and speed alone.</summary>
    public (int Queries, int Samples) Block { get; init; } = (4096, 4096);
}
