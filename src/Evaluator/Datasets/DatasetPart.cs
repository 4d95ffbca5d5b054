using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>A part of a dataset that has a manifest of its own.</summary>
/// <param name="Split">One of <see cref="Datasets.Split"/>.</param>
/// <param name="Realm">The realm, where the definition has several.</param>
internal sealed record DatasetPart(string Split, Realm? Realm = null)
{
    /// <summary>What a benchmark of one split evaluates.</summary>
    public static readonly DatasetPart Evaluated = new(Datasets.Split.Evaluated);

    /// <summary>Samples of a complete copy, where the definition tells.</summary>
    public int? Complete => Split switch
    {
        Datasets.Split.Train => Realm?.Samples?.Train,
        Datasets.Split.Val => Realm?.Samples?.Val,
        Datasets.Split.Test => Realm?.Samples?.Test,
        _ => null,
    };

    /// <summary>Its name for people, for example <c>bird/val</c>.</summary>
    public override string ToString() => Realm is null ? Split : $"{Realm.Name}/{Split}";
}

/// <summary>The splits of a dataset.</summary>
internal static class Split
{
    /// <summary>The split that the definition's layout evaluates, whatever its authors call it.</summary>
    public const string Evaluated = "evaluated";

    public const string Train = "train";
    public const string Val = "val";
    public const string Test = "test";
}
