namespace Leaderboard.Evaluator.Metrics;

/// <summary>
/// Random numbers that are the same on every machine and version of .NET: SplitMix64 (G. Steele, D. Lea, C. Flood,
/// "Fast splittable pseudorandom number generators", OOPSLA 2014).
/// </summary>
internal struct SeededDraws(ulong seed)
{
    private ulong state = seed;

    /// <summary>The next number in [0, bound).</summary>
    public int Next(int bound)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)Math.BigMul(mixed ^ (mixed >> 31), (ulong)bound, out _);
    }
}
