namespace Leaderboard.Archives;

/// <summary>About how many records an archive has; its tables' rows are of all tables, also those of subdatasets.</summary>
public sealed record ArchiveSize(int Papers, int Links, int Tables, int Rows, int Methods, int Datasets, int Tasks)
{
    /// <summary>Papers With Code's, of July 2025.</summary>
    public static ArchiveSize Full { get; } = new(576_000, 300_000, 9_300, 100_000, 8_700, 15_000, 5_000);

    public ArchiveSize Scaled(double scale)
    {
        return new(Of(Papers), Of(Links), Of(Tables), Of(Rows), Of(Methods), Of(Datasets), Of(Tasks));

        int Of(int count) => Math.Max(20, (int)(count * scale));
    }
}
