using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Leaderboard.Api.Archive;

/// <summary>Shows how far an import is: a bar for each file and one for merging, or a line every few seconds for a log.</summary>
internal sealed class ImportProgress
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, ProgressTask> bars = [];
    private readonly Dictionary<string, long> lengths;
    private readonly Dictionary<string, (long Began, long Records)> starts = [];
    private readonly ProgressContext? context;
    private long lastLine = Stopwatch.GetTimestamp();

    private ImportProgress(IReadOnlyList<ArchiveFile> files, ProgressContext? context)
    {
        this.context = context;
        lengths = files.ToDictionary(file => file.Path, file => new FileInfo(file.Path).Length);
    }

    public static Task ShowAsync(IReadOnlyList<ArchiveFile> files, Func<ImportProgress, Task> importAsync) =>
        AnsiConsole.Profile.Out.IsTerminal
            ? AnsiConsole.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(context => importAsync(new ImportProgress(files, context)))
            : importAsync(new ImportProgress(files, context: null));

    /// <param name="file">Which.</param>
    /// <param name="bytes">Bytes of it that were read.</param>
    /// <param name="records">Records of it, those of an earlier run too.</param>
    public void Read(ArchiveFile file, long bytes, long records)
    {
        if (!starts.TryGetValue(file.Path, out var start))
        {
            starts.Add(file.Path, start = (Stopwatch.GetTimestamp(), records));
        }
        var seconds = Stopwatch.GetElapsedTime(start.Began).TotalSeconds;
        var rate = seconds > 0 ? (records - start.Records) / seconds : 0;
        var length = Math.Max(1, lengths[file.Path]);
        Show(file.Path, string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {records:#,##0} records, {rate:#,##0}/s"), bytes, length);
    }

    public void Merging(string what, int done, int count) => Show("", $"merging: {what}", done, count);

    /// <param name="done">Things that search finds by what was imported.</param>
    /// <param name="count">Of so many.</param>
    public void Finding(int done, int count) => Show("search", "search", Math.Min(done, count), count);

    public void Settling() => Show("settle", "tables and indexes put in order", 1, 1);

    private void Show(string key, string text, long value, long length)
    {
        lock (bars)
        {
            ShowAlone(key, text, value, length);
        }
    }

    private void ShowAlone(string key, string text, long value, long length)
    {
        if (context is not null)
        {
            if (!bars.TryGetValue(key, out var bar))
            {
                bars.Add(key, bar = context.AddTask(Markup.Escape(text), maxValue: length));
            }
            (bar.Description, bar.Value) = (Markup.Escape(text), value);
        }
        else if (Stopwatch.GetElapsedTime(lastLine) > LineEvery || value >= length)
        {
            lastLine = Stopwatch.GetTimestamp();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{text}, {100.0 * value / length:0} %"));
        }
    }
}
