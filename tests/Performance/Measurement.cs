using System.Text.Json;

namespace Leaderboard.Performance;

/// <summary>What is measured on, and how it is told.</summary>
internal static class Measurement
{
    /// <summary>Every JPEG below the folder, in ordinal order.</summary>
    public static IReadOnlyList<string> JpegFiles(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path).ToUpperInvariant() is ".JPEG" or ".JPG")
            .Order(StringComparer.Ordinal),
    ];

    public static void Print(int images, double seconds, IReadOnlyList<int>? predictions = null) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            images,
            seconds = Math.Round(seconds, 6),
            images_per_second = Math.Round(images / seconds, 2),
            predictions,
        }));
}
