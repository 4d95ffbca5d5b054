namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>
/// What each sample weighs in OmniBenchmark's objective: its authors' <c>linear_probe/main.py</c> splits the samples, in
/// list order, into ten chunks of ⌊N/10⌋, the rest in the last, and adds the means of the chunks up. A sample weighs
/// one over its chunk's size. Below ten samples the first nine chunks are empty; there is one chunk then.
/// </summary>
internal static class ChunkWeights
{
    private const int Chunks = 10;

    public static float[] Of(int count)
    {
        var size = count / Chunks;
        var rest = count - (Chunks - 1) * size;
        return [.. Enumerable.Range(0, count).Select(i => i < count - rest ? 1f / size : 1f / rest)];
    }
}
