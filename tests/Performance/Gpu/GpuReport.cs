using System.Globalization;
using System.Text.Json;

namespace Leaderboard.Performance.Gpu;

/// <summary>The table of <c>scripts/bench-gpu</c>: images a second of each network and precision, all of one run.</summary>
internal static class GpuReport
{
    private const double NearTie = 1e-4;

    private static readonly JsonSerializerOptions Indented = new(Measurement.Json) { WriteIndented = true };

    /// <param name="measured">A file of measurements, one line of JSON each, subjects <c>what network precision</c>.</param>
    /// <param name="output">The file to write the rows to, as JSON.</param>
    /// <param name="gpu">What the GPU calls itself.</param>
    /// <returns>False where a float32 prediction differs from the CPU's and is no near tie there.</returns>
    public static bool Print(string measured, string output, string gpu)
    {
        var subjects = File.ReadLines(measured)
            .Select(line => JsonSerializer.Deserialize<Measured>(line, Measurement.Json)!)
            .ToDictionary(line => line.Subject);
        List<Row> rows = [.. subjects.Keys.Where(subject => subject.StartsWith("files ", StringComparison.Ordinal))
            .Select(subject => RowOf(subject.Split(' ')[1], subject.Split(' ')[2], subjects))];

        Console.WriteLine($"\nimages a second on {gpu} with {Environment.ProcessorCount} cores");
        Console.WriteLine(
            $"{"",-22} {"files",9} {"packed",9} {"forward",9} {"packed/forward",15} | {"PyTorch",9} {"forward",9} {"files/PyTorch",14} | predictions equal to the CPU's");
        rows.ForEach(row => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{row.Network + " " + row.Precision,-22} {row.Files,9:0} {row.Packed,9:0} {row.Forward,9:0} {row.Packed / row.Forward,15:0.000} | {row.Pytorch,9:0} {row.PytorchForward,9:0} {row.Files / row.Pytorch,14:0.000} | {row.Equal} of {row.Compared}, {row.NearTies} near ties")));
        File.WriteAllText(output, JsonSerializer.Serialize(
            new { measured_at = TimeProvider.System.GetUtcNow(), gpu, processors = Environment.ProcessorCount, rows }, Indented));
        return rows.TrueForAll(row => row.Precision != "float32" || row.Equal + row.NearTies == row.Compared);
    }

    private static Row RowOf(string network, string precision, Dictionary<string, Measured> subjects)
    {
        var files = subjects[$"files {network} {precision}"];
        var reference = subjects[$"reference {network}"];
        var (equal, ties) = (0, 0);
        for (var i = 0; i < reference.Images; i++)
        {
            var isEqual = files.Predictions![i] == reference.Predictions![i];
            equal += isEqual ? 1 : 0;
            ties += !isEqual && reference.Margins![i] < NearTie ? 1 : 0;
        }
        return new Row(
            network, precision, Rate("files")!.Value, Rate("packed")!.Value, Rate("forward")!.Value,
            Rate("pytorch"), Rate("pytorch-forward"), reference.Images, equal, ties);

        double? Rate(string what) =>
            subjects.GetValueOrDefault($"{what} {network} {precision}") is { } line ? line.Images / line.Seconds : null;
    }

    /// <summary>Images a second, and predictions that equal the CPU's in float32; null without PyTorch.</summary>
    private sealed record Row(
        string Network, string Precision, double Files, double Packed, double Forward,
        double? Pytorch, double? PytorchForward, int Compared, int Equal, int NearTies);
}
