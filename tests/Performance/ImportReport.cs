namespace Leaderboard.Performance;

/// <summary>The table's rows of imports: beside a bare COPY of the rows that are staged, and against their limits.</summary>
internal static class ImportReport
{
    private const double Megabyte = 1e6;
    private const double LimitSeconds = 600;
    private const double LimitMegabytes = 500;

    // Of the archive's full size; smaller ones have no limit in seconds.
    private const int FullRecords = 900_000;

    public static IEnumerable<Row> Rows(ILookup<string, Measured> subjects)
    {
        if (subjects["archive imported"].FirstOrDefault() is not { } whole)
        {
            yield break;
        }
        var (staged, copied, again) =
            (subjects["archive staged"].First(), subjects["archive copied"].First(), subjects["archive imported again"].First());
        var what = $"archive of {whole.Images} records, {whole.ReadBytes!.Value / Megabyte:0} MB";
        yield return new Row(
            $"{what}, read and staged, records/s : COPY", staged.Images / staged.Seconds, copied.Images / copied.Seconds);
        yield return new Row(
            "the same, MB/s of JSON : COPY", staged.ReadBytes!.Value / Megabyte / staged.Seconds, staged.ReadBytes.Value / Megabyte / copied.Seconds);
        yield return new Row(
            "whole import, what search does included, records/s : COPY", whole.Images / whole.Seconds, copied.Images / copied.Seconds);
        yield return new Row(
            "whole import, seconds : 600 s", whole.Seconds, LimitSeconds, AtMost: whole.Images > FullRecords * 0.9 ? 1 : null);
        yield return new Row(
            "the same, seconds until it is merged : the whole", whole.MergedSeconds ?? whole.Seconds, whole.Seconds);
        yield return new Row("imported again, which changes nothing, seconds : the first time", again.Seconds, whole.Seconds);
        yield return new Row(
            "peak RssAnon of the importer, MB : 500 MB",
            new[] { staged, whole, again }.Max(run => run.PeakBytes!.Value) / Megabyte, LimitMegabytes, AtMost: 1);
    }
}
