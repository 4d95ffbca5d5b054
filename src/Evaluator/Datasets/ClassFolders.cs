using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// The class folders of layout <c>image_folder</c>. Classes are numbered by them, in each split for itself: where train has
/// others than what is evaluated, the same number means two classes, and a score would be one of chance.
/// </summary>
internal static class ClassFolders
{
    /// <summary>Refuses splits of other classes, naming the first that differs.</summary>
    public static void RequireSame(
        BenchmarkDefinition definition, IEnumerable<ManifestSample> train, IEnumerable<ManifestSample> evaluated)
    {
        if (Difference(definition, train.Select(sample => sample.Path), evaluated.Select(sample => sample.Path)) is { } difference)
        {
            throw DatasetFailure.Changed(difference);
        }
    }

    /// <summary>How the classes of two splits' samples differ; null where they do not, or have no folders.</summary>
    public static string? Difference(BenchmarkDefinition definition, IEnumerable<string> train, IEnumerable<string> evaluated)
    {
        if (definition.Layout != Layouts.ImageFolder)
        {
            return null;
        }
        var (ours, theirs) = (Names(train), Names(evaluated));
        for (var i = 0; i < Math.Max(ours.Count, theirs.Count); i++)
        {
            var (inTrain, inEvaluated) = (ours.ElementAtOrDefault(i), theirs.ElementAtOrDefault(i));
            if (inTrain != inEvaluated)
            {
                return FormattableString.Invariant(
                    $"The class folders of {definition.Train} and {definition.Path} differ: class {i} is {Shown(inTrain)} in the first and {Shown(inEvaluated)} in the second.");
            }
        }
        return null;
    }

    /// <summary>The folder that a sample is in.</summary>
    public static string NameOf(string path) => path[..path.IndexOf('/', StringComparison.Ordinal)];

    private static List<string> Names(IEnumerable<string> paths) => [.. paths.Select(NameOf).Distinct()];

    private static string Shown(string? name) => name is null ? "missing" : $"'{DatasetPath.Printable(name)}'";
}
