namespace Leaderboard.Evaluator.Protocols.Neighbours;

/// <summary>A train sample near a query.</summary>
/// <param name="Sample">Its index in the train split.</param>
/// <param name="Similarity">Cosine of the angle between the two, in [-1, 1].</param>
internal readonly record struct Neighbour(int Sample, double Similarity) : IComparable<Neighbour>
{
    /// <summary>The nearest first; of equally near ones the lower index.</summary>
    public int CompareTo(Neighbour other) => other.Similarity.CompareTo(Similarity) is var order and not 0
        ? order
        : Sample.CompareTo(other.Sample);
}
