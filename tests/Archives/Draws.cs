namespace Leaderboard.Archives;

/// <summary>
/// Random numbers of one record (SplitMix64, Steele et al. 2014): equal for an equal seed, kind and number, so that any file
/// can tell what another says of a record.
/// </summary>
internal struct Draws(ulong seed, RecordKind kind, int number)
{
    private ulong state = Mix(seed ^ Mix(((ulong)kind << 40) + (ulong)number));

    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public int Below(int bound) => (int)(Unit() * bound);

    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool OneIn(int count) => Below(count) == 0;

    public T Of<T>(T[] items) => items[Below(items.Length)];

    /// <summary>Below <paramref name="bound"/> by Zipf's law: 2k as often as 4k.</summary>
    public int Zipf(int bound) => Math.Min(bound - 1, (int)Math.Pow(bound + 1, Unit()) - 1);

    /// <summary>From 1: a sixth is 20 or more, a twenty-fifth 200 or more (Pareto's law, as papers that use a dataset).</summary>
    public int Pareto(int most) => (int)Math.Min(most, Math.Pow(1 - Unit(), -1 / 0.6));

    private ulong Next() => Mix(state += 0x9E3779B97F4A7C15);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

internal enum RecordKind
{
    Paper,
    Link,
    Table,
    Method,
    Dataset,
    Task,
    Word,
    Author,
}
