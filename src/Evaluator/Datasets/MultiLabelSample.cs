namespace Leaderboard.Evaluator.Datasets;

/// <summary>One image of a dataset whose images show several classes.</summary>
/// <param name="Path">Path relative to the dataset's folder, with forward slashes.</param>
/// <param name="Labels">Of every class: 1 it is there, 0 it is there but difficult to see, -1 it is not.</param>
internal sealed record MultiLabelSample(string Path, IReadOnlyList<sbyte> Labels);
