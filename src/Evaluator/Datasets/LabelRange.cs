using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>The labels that a list may hold.</summary>
/// <param name="ClassCount">Labels are in [0, class_count).</param>
/// <param name="SkipsOthers">Whether a line with a higher label is passed over; else it is an error.</param>
internal readonly record struct LabelRange(int ClassCount, bool SkipsOthers = false)
{
    /// <summary>A benchmark's classes, or the first of its dataset's.</summary>
    public static LabelRange Of(BenchmarkDefinition definition) =>
        new(definition.ClassCount, SkipsOthers: definition.FirstClasses is not null);
}

/// <summary>How a list may give an image several labels.</summary>
internal enum SeveralLabels
{
    /// <summary>It may not: a path with two labels is an error.</summary>
    None,

    /// <summary>By a line for each; every line is a sample, as OmniBenchmark's authors count.</summary>
    ByLines,

    /// <summary>In one line, with commas between them, or <c>-</c> for none, which leaves the image out.</summary>
    InALine,
}
