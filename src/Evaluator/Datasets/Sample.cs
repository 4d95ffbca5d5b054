namespace Leaderboard.Evaluator.Datasets;

/// <summary>One image of a dataset and its true class.</summary>
/// <param name="Path">Path relative to the dataset's folder, with forward slashes.</param>
/// <param name="Target">Index of the class, in [0, class_count); of an image with several, <see cref="Several"/>.</param>
/// <param name="Targets">The classes of an image where it may have several: one or more.</param>
internal sealed record Sample(string Path, int Target, IReadOnlyList<int>? Targets = null)
{
    /// <summary>Its right classes, one or several.</summary>
    public IReadOnlyList<int> Classes => Targets ?? [Target];

    /// <summary>Stands for the target of an image that may have several.</summary>
    public const int Several = -1;
}
