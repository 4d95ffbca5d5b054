using System.Text.Json;
using Leaderboard.Evaluator.Features;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// The border between an untrusted runner and the database: an event is taken only if every member is one that an
/// honest runner could send.
/// </summary>
internal static class RunnerEvents
{
    private const int MaxMessageLength = 4000;
    private const int MaxVersionLength = 200;
    private const int MaxLibraries = 50;

    /// <summary>The event of one line; throws <see cref="JsonException"/> for anything else.</summary>
    public static RunnerEvent Parse(string line) =>
        JsonSerializer.Deserialize<RunnerEvent>(line, LeaderboardJson.Options) switch
        {
            Loaded loaded => loaded,
            FeaturesMeasured { Dimension: > 0 and <= FeatureFile.MostFeatures } measured => measured,
            Progress progress when progress.Done >= 0 && IsQuantity(progress.ImagesPerSecond) => progress,
            Finished finished when IsQuantity(finished.DurationSeconds)
                && IsQuantity(finished.ImagesPerSecond)
                && finished.PeakMemoryBytes >= 0
                && finished.Features is null or > 0 and <= FeatureFile.MostFeatures
                && IsVersion(finished.Engine)
                && IsDevice(finished.Device)
                && AreVersions(finished.Libraries) => finished,
            Packed packed when packed is { Width: > 0, Height: > 0 }
                && new ImageSize(packed.Width, packed.Height).Pixels <= ImageSize.MostPixels
                && AreVersions(packed.Decoders) => packed,
            Checked @checked when @checked.Unreadable.All(image => image.Index >= 0) => @checked with
            {
                Unreadable = [.. @checked.Unreadable.Select(image => image with { Reason = Bounded(image.Reason) })],
            },
            Learned learned when learned.PeakMemoryBytes >= 0
                && (learned.Penalties is null
                    || (learned.Selected is { } selected && selected >= 0 && selected < learned.Penalties.Count))
                && learned.Draws?.All(IsFraction) != false => learned,
            DeviceReady ready when IsVersion(ready.Libtorch) => ready,
            Failed failed when FailureCodes.All.Contains(failed.Code) => failed with { Message = Bounded(failed.Message) },
            var other => throw new JsonException($"An honest runner does not send this {other?.GetType().Name ?? "null"}."),
        };

    private static bool IsFraction(double value) => value is >= 0 and <= 1;

    private static bool IsQuantity(double value) => double.IsFinite(value) && value >= 0;

    private static bool IsDevice(string text) => text == "cpu"
        || (text.StartsWith("cuda:", StringComparison.Ordinal) && text.Length < 10 && text[5..].All(char.IsAsciiDigit));

    private static bool AreVersions(IReadOnlyDictionary<string, string> libraries) =>
        libraries.Count <= MaxLibraries && libraries.All(library => IsVersion(library.Key) && IsVersion(library.Value));

    private static bool IsVersion(string text) => text.Length <= MaxVersionLength && !text.Any(char.IsControl);

    private static string Bounded(string message) =>
        message.Length <= MaxMessageLength ? message : string.Concat(message.AsSpan(0, MaxMessageLength), " …");
}
