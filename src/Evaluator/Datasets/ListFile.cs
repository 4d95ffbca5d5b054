using System.Globalization;
using System.Text;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// A text file that names a sample a line: its path, a space, its label. Lines split at the last space, blank lines are
/// ignored, a line that stands twice counts once.
/// </summary>
/// <param name="Dataset">The dataset's path below the datasets root, for messages.</param>
/// <param name="Folder">The dataset's folder.</param>
/// <param name="Path">The list's path relative to the folder.</param>
/// <param name="Prefix">What stands before each of its paths to make them relative to the folder.</param>
internal sealed record ListFile(string Dataset, string Folder, string Path, string Prefix)
{
    private static readonly UTF8Encoding StrictUtf8 =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>True where the list is there and no link leads to it.</summary>
    public bool Exists => DatasetPath.IsPlain(Path) && DatasetPath.IsFile(Folder, Path, DatasetPath.NoFolders());

    /// <summary>Whether an image may have several labels, and how they are written.</summary>
    public SeveralLabels SeveralLabels { get; init; }

    /// <summary>Reads the samples in the list's order; whether their files exist is not asked here.</summary>
    public IReadOnlyList<Sample> Read(LabelRange labels)
    {
        var samples = new List<Sample>();
        var labelled = new Dictionary<string, string>(StringComparer.Ordinal);
        var written = new HashSet<(string, string)>();
        foreach (var (number, line) in Lines())
        {
            var (path, label) = Split(line, number);
            if (!written.Add((path, label)))
            {
                continue;
            }
            if (SeveralLabels != SeveralLabels.ByLines && !labelled.TryAdd(path, label))
            {
                throw Wrong(
                    number,
                    $"{DatasetPath.Printable(path)} has label {DatasetPath.Printable(label)} here and "
                    + $"{DatasetPath.Printable(labelled[path])} before");
            }
            if (Parse(path, label, number, labels) is { } sample)
            {
                samples.Add(sample);
            }
        }
        return samples.Count > 0
            ? samples
            : throw DatasetFailure.Changed($"The list {Path} in {Dataset} is empty.");
    }

    /// <summary>The lines that are not blank, each with its number from 1.</summary>
    public IEnumerable<(int Number, string Line)> Lines()
    {
        if (!Exists)
        {
            throw DatasetFailure.Missing(
                $"There is no list {DatasetPath.Printable(Path)} in {Dataset} (links are not followed).");
        }
        return Text().Split('\n').Index()
            .Where(line => !string.IsNullOrWhiteSpace(line.Item))
            .Select(line => (line.Index + 1, line.Item.TrimEnd('\r')));
    }

    /// <summary>The failure of a line that is not as it should be.</summary>
    public EvaluationFailedException Wrong(int line, string reason) =>
        DatasetFailure.Changed(FormattableString.Invariant($"{Path}, line {line}: {reason}."));

    private string Text()
    {
        try
        {
            return StrictUtf8.GetString(DatasetFailure.Reading(
                $"{Dataset}/{Path}", () => File.ReadAllBytes(System.IO.Path.Combine(Folder, Path))));
        }
        catch (DecoderFallbackException exception)
        {
            throw DatasetFailure.Changed($"The list {Path} in {Dataset} is no UTF-8 at byte {exception.Index}.");
        }
    }

    private (string Path, string Label) Split(string line, int number)
    {
        var space = line.LastIndexOf(' ');
        if (space < 1)
        {
            throw Wrong(number, $"'{DatasetPath.Printable(line)}' is no path and label");
        }
        var path = Prefix + line[..space];
        return DatasetPath.IsPlain(path)
            ? (path, line[(space + 1)..])
            : throw Wrong(number, $"'{DatasetPath.Printable(line[..space])}' is no path within the dataset");
    }

    // Null where the range or the line leaves the image out.
    private Sample? Parse(string path, string label, int number, LabelRange labels)
    {
        if (SeveralLabels == SeveralLabels.InALine)
        {
            return label == "-"
                ? null
                : new Sample(path, Sample.Several, [.. label.Split(',').Select(one => ParseLabel(one, number, labels)).Order()]);
        }
        var target = ParseLabel(label, number, labels);
        return target < labels.ClassCount ? new Sample(path, target) : null;
    }

    private int ParseLabel(string label, int number, LabelRange labels) =>
        int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var target)
        && (target < labels.ClassCount || labels.SkipsOthers)
            ? target
            : throw Wrong(
                number, $"label '{DatasetPath.Printable(label)}' is none of the classes 0 to {labels.ClassCount - 1}");
}
