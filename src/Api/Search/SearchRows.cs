namespace Leaderboard.Api.Search;

// Dapper gives arrays to properties, not to constructors.

/// <summary>A query as PostgreSQL searches for it.</summary>
internal sealed record SearchTerms
{
    /// <summary>All of it as a name; empty where it has no letter and no digit.</summary>
    public required string Name { get; init; }

    /// <summary>The words and phrases, as a tsquery; empty where all are stop words.</summary>
    public required string InNames { get; init; }

    /// <summary>The same with phrases as words.</summary>
    public required string InText { get; init; }

    /// <summary>The same, any of the words.</summary>
    public required string AnyWord { get; init; }

    /// <summary>Letters with which a word that matches can begin.</summary>
    public required string[] Initials { get; init; }

    /// <summary>Words that no name has.</summary>
    public required string[] Unknown { get; init; }
}

/// <summary>An entry that matches, with what is shown of it.</summary>
internal sealed record FoundEntry
{
    public required int Class { get; init; }

    public required string Kind { get; init; }

    public required string Key { get; init; }

    public required string Title { get; init; }

    public required short Tier { get; init; }

    public DateOnly? Dated { get; init; }

    public required string[] Authors { get; init; }

    public required string Origin { get; init; }

    public required string Description { get; init; }

    public string? Board { get; init; }

    public string? EvaluationTable { get; init; }

    public string? TaskId { get; init; }

    public string? DatasetId { get; init; }
}

/// <summary>A word of a name that resembles another.</summary>
internal sealed record SimilarWord(string Word, string Similar, int Entries);
