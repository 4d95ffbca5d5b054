namespace Leaderboard.Api.Archive;

/// <summary>Rows for the staging tables, of whole records, and how far into the file they reach.</summary>
internal sealed class StagedBatch
{
    private const int MaxRecords = 2000;
    private const int MaxCharacters = 8 << 20;

    private readonly Dictionary<StagingTable, List<object?[]>> rows = [];
    private readonly List<(StagingTable Table, object?[] Row)> pending = [];
    private readonly Mentions mentions;
    private int records;
    private long characters;

    public StagedBatch(Mentions mentions) => this.mentions = mentions;

    public long Position { get; private set; }

    /// <summary>Records of the file up to there.</summary>
    public long Records { get; private set; }

    public List<RecordProblem> Problems { get; } = [];

    /// <summary>Nothing of the file is left.</summary>
    public bool IsLast { get; private set; }

    public bool IsFull => records >= MaxRecords || characters >= MaxCharacters;

    public IEnumerable<(StagingTable Table, List<object?[]> Rows)> Tables => rows.Select(pair => (pair.Key, pair.Value));

    public void Add(StagingTable table, params object?[] row) => pending.Add((table, row));

    /// <summary>Adds what many records say alike; it may be added again.</summary>
    public void Mention(StagingTable table, string key, params object?[] row)
    {
        if (mentions.IsNew(table, key))
        {
            Add(table, row);
        }
    }

    /// <summary>The record's rows are whole.</summary>
    public void Complete(long position, long recordCount, int length)
    {
        foreach (var (table, row) in pending)
        {
            if (!rows.TryGetValue(table, out var list))
            {
                rows.Add(table, list = []);
            }
            list.Add(row);
        }
        pending.Clear();
        Advance(position, recordCount, length);
    }

    /// <summary>The record is left out.</summary>
    public void Leave(long position, long recordCount, int length, RecordProblem problem)
    {
        mentions.Clear();
        pending.Clear();
        Problems.Add(problem);
        Advance(position, recordCount, length);
    }

    public void End(long position, long recordCount) => (Position, Records, IsLast) = (position, recordCount, true);

    private void Advance(long position, long recordCount, int length)
    {
        (Position, Records, records, characters) = (position, recordCount, records + 1, characters + length);
    }
}

/// <summary>Why a record is left out.</summary>
/// <param name="File">Name of its file.</param>
/// <param name="Record">Its number, from 0.</param>
/// <param name="Path">Where in it.</param>
/// <param name="Reason">What is wrong there.</param>
internal sealed record RecordProblem(string File, long Record, string Path, string Reason);
