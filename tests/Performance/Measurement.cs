using System.Text.Json;
using System.Text.Json.Serialization;

namespace Leaderboard.Performance;

/// <summary>What is measured on, and how it is told.</summary>
internal static class Measurement
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Every JPEG below the folder, in ordinal order.</summary>
    public static IReadOnlyList<string> JpegFiles(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path).ToUpperInvariant() is ".JPEG" or ".JPG")
            .Order(StringComparer.Ordinal),
    ];

    public static void Print(Measured measured) => Console.WriteLine(JsonSerializer.Serialize(measured, Json));
}

/// <summary>One line of a subject's or of a peer's: what was measured, and what came out of it.</summary>
/// <param name="Subject">What was measured.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Seconds">Wall time for all of them.</param>
/// <param name="Library">What did it, with its version, where that is not this program alone.</param>
/// <param name="Predictions">The class of each image.</param>
/// <param name="Margins">By how much its logit is above the second, of each image.</param>
/// <param name="Digests">SHA-256 of the transformed bytes of each image.</param>
/// <param name="PeakBytes">Largest RssAnon.</param>
/// <param name="ModelBytes">The network's parameters as float32.</param>
/// <param name="ActivationBytes">What the first forward pass added to RssAnon.</param>
/// <param name="Heads">Each penalty's head.</param>
/// <param name="Steps">Outer steps that the peer ran, of all penalties.</param>
/// <param name="MeasuredSeconds">Of its seconds, those that were measured and not counted up.</param>
/// <param name="WholeSeconds">Of a probe whose seconds are those to 1e-4, the seconds of the whole run.</param>
/// <param name="MedianSeconds">Of requests, the median.</param>
/// <param name="Percentile99Seconds">Of requests, the time that one in a hundred takes longer than.</param>
/// <param name="ReadBytes">Of an import, bytes of its files.</param>
/// <param name="MergedSeconds">Of an import, the seconds after which everyone sees it.</param>
internal sealed record Measured(
    string Subject,
    int Images,
    double Seconds,
    string? Library = null,
    IReadOnlyList<int>? Predictions = null,
    IReadOnlyList<double>? Margins = null,
    IReadOnlyList<string>? Digests = null,
    long? PeakBytes = null,
    long? ModelBytes = null,
    long? ActivationBytes = null,
    IReadOnlyList<MeasuredHead>? Heads = null,
    int? Steps = null,
    double? MeasuredSeconds = null,
    double? WholeSeconds = null,
    double? MedianSeconds = null,
    double? Percentile99Seconds = null,
    long? ReadBytes = null,
    double? MergedSeconds = null);

/// <summary>A head of a probe.</summary>
/// <param name="Lambda">Its penalty.</param>
/// <param name="Objective">The authors' objective.</param>
/// <param name="Gap">How far the optimum can be below it; null where that is not known.</param>
/// <param name="Evaluations">Passes over the samples.</param>
internal sealed record MeasuredHead(double Lambda, double Objective, double? Gap, int Evaluations);
