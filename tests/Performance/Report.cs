using System.Globalization;
using System.Text.Json;

namespace Leaderboard.Performance;

/// <summary>
/// The table of <c>scripts/bench</c>, made of what its subjects printed: both sides of every ratio were measured in one
/// run on one machine, and each side's best round counts, since what else runs there only ever slows one.
/// </summary>
internal static class Report
{
    private const double NearTie = 1e-4;
    private const double Megabyte = 1e6;

    // Networks that answer nearly every image alike would agree whatever else they computed.
    private const int LeastClasses = 10;

    private static readonly JsonSerializerOptions Indented = new(Measurement.Json) { WriteIndented = true };

    /// <param name="measured">A file of measurements, one line of JSON each.</param>
    /// <param name="output">The file to write the rows to, as JSON.</param>
    /// <returns>False where a row misses its target.</returns>
    public static bool Print(string measured, string output)
    {
        var subjects = File.ReadLines(measured)
            .Select(line => JsonSerializer.Deserialize<Measured>(line, Measurement.Json)!)
            .ToLookup(line => line.Subject);
        List<Row> rows = [.. subjects.Contains("transform") ? Rows(subjects) : [], .. BoardReport.Rows(subjects), .. SearchReport.Rows(subjects), .. ImportReport.Rows(subjects)];
        Console.WriteLine($"\n{"",-88} {"ours",9} {"peer",9} {"ratio",7} {"target",8}");
        foreach (var row in rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.What,-88} {row.Ours,9:0.0} {row.Peer,9:0.0} {row.Ratio,7:0.000} {row.Target,8} {(row.Met == false ? "missed" : "")}"));
        }
        var libraries = subjects.Where(subject => subject.First().Library is not null)
            .ToDictionary(subject => subject.Key, subject => subject.First().Library);
        File.WriteAllText(output, JsonSerializer.Serialize(
            new { measured_at = TimeProvider.System.GetUtcNow(), processors = Environment.ProcessorCount, libraries, rows },
            Indented));
        return rows.TrueForAll(row => row.Met != false);
    }

    private static IEnumerable<Row> Rows(ILookup<string, Measured> subjects)
    {
        var (ours, pillow) = (subjects["transform"].First(), subjects["pillow"].First());
        yield return new Row(
            "eval transform: images whose bytes equal Pillow's",
            ours.Digests!.Zip(pillow.Digests!).Count(pair => pair.First == pair.Second), pillow.Images, AtLeast: 1);
        foreach (var network in new[] { "squeezenet1_0", "resnet50" })
        {
            if (subjects[$"files {network}"].FirstOrDefault() is { } evaluation)
            {
                yield return Predictions(network, evaluation, subjects[$"pytorch {network}"].First());
            }
        }
        var (pytorch, libtorch) = (Library("pytorch resnet50"), Library("program"));
        yield return Speed("decode + transform on a core : libjpeg-turbo decoding the whole image", "transform", "jpeg", 0.8);
        yield return Speed($"decode + transform on a core : {Library("pillow")}", "transform", "pillow", 1.9);
        yield return Speed($"ResNet-50 first time through : {pytorch}, DataLoader", "first resnet50", "pytorch resnet50", 1.4);
        yield return Speed(
            $"ResNet-50 first time through : {pytorch}, DataLoader, channels last", "first resnet50", "pytorch resnet50 channels_last", null);
        yield return Speed($"ResNet-50 from files, nothing packed : {pytorch}, DataLoader", "files resnet50", "pytorch resnet50", null);
        yield return Speed(
            $"ResNet-50 first time through : {libtorch}'s forward pass alone", "first resnet50", "program", null);
        yield return Speed("ResNet-50 first time through : our forward pass alone", "first resnet50", "forward", null);
        yield return Speed("ResNet-50 from packed images : our forward pass alone", "packed resnet50", "forward", 0.95);
        yield return Speed("packed images as batches, nothing computed : our forward pass alone", "feed Planes", "forward", null);

        var forward = subjects["forward"].First();
        foreach (var run in subjects["files resnet50"].DistinctBy(run => run.Images))
        {
            yield return new Row(
                $"peak RssAnon of {run.Images} images, MB : model + activations + 300 MB",
                run.PeakBytes!.Value / Megabyte,
                (forward.ModelBytes!.Value + forward.ActivationBytes!.Value) / Megabyte + 300,
                AtMost: 1);
        }

        if (subjects["upload raw"].FirstOrDefault() is { } upload)
        {
            foreach (var way in (string[])["raw", "tus"])
            {
                yield return Speed(
                    $"upload of {upload.Images} MB, {way}, MB/s : sha256sum, then a copy on the disk", $"upload {way}",
                    "sha256sum and cp", 0.7);
                yield return new Row(
                    "peak RssAnon of the API meanwhile, MB : 150 MB", subjects[$"upload {way}"].Max(run => run.PeakBytes!.Value) / Megabyte,
                    150, AtMost: 1);
            }
        }

        if (subjects["probe"].FirstOrDefault() is { } probe && subjects["pytorch probe"].FirstOrDefault() is { } schedule)
        {
            yield return Speed(
                $"linear probe, {probe.Heads!.Count} penalties to 1e-4 : authors' {probe.Heads.Count}000 steps, "
                + $"{schedule.Steps} run, 1 pass each other", "probe", "pytorch probe", 20);
            yield return new Row(
                $"the same : what was run of the authors' steps alone",
                probe.Images / probe.Seconds, schedule.Images / schedule.MeasuredSeconds!.Value);
            yield return new Row(
                "the same : our whole run, to a thousandth of each objective too",
                probe.Images / probe.WholeSeconds!.Value, schedule.Images / schedule.Seconds);
            yield return new Row(
                "linear probe: largest distance from the optimum, proven, 1e-6 : 1e-4",
                probe.Heads!.Max(head => head.Gap!.Value) * 1e6, 100, AtMost: 1);
        }

        Row Speed(string what, string subject, string peer, double? target) =>
            new(what, Best(subject), Best(peer), target);

        string Library(string subject) => subjects[subject].First().Library!;

        double Best(string subject) => subjects[subject].Max(measured => measured.Images / measured.Seconds);
    }

    // Predictions may differ where PyTorch's own two best logits are so near that honest roundings decide.
    private static Row Predictions(string network, Measured ours, Measured peer)
    {
        var equal = 0;
        var ties = 0;
        for (var i = 0; i < peer.Images; i++)
        {
            equal += ours.Predictions![i] == peer.Predictions![i] ? 1 : 0;
            ties += ours.Predictions[i] != peer.Predictions[i] && peer.Margins![i] < NearTie ? 1 : 0;
        }
        var classes = peer.Predictions!.Distinct().Count();
        var isTelling = classes >= Math.Min(LeastClasses, peer.Images / 4);
        return new Row(
            $"{network}: predictions equal to PyTorch's, of {classes} classes"
            + (isTelling ? "" : ", too few to tell") + (ties == 0 ? "" : $", or nearly tied there ({ties})"),
            isTelling ? equal + ties : 0, peer.Images, AtLeast: 1);
    }
}

/// <summary>One line of the table.</summary>
internal sealed record Row(string What, double Ours, double Peer, double? AtLeast = null, double? AtMost = null)
{
    public double Ratio => Ours / Peer;

    public string Target => AtLeast is { } least
        ? string.Create(CultureInfo.InvariantCulture, $"≥ {least:0.00}")
        : AtMost is { } most ? string.Create(CultureInfo.InvariantCulture, $"≤ {most:0.00}") : "";

    /// <summary>Null where there is no target.</summary>
    public bool? Met => AtLeast is { } least ? Ratio >= least : AtMost is { } most ? Ratio <= most : null;
}
