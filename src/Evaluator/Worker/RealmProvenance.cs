using System.Security.Cryptography;
using System.Text;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// The provenance of an average, of those of its realms: what they share stands there once, durations are added up, and
/// where workers differ all are named. Each realm's own is kept with its evaluation.
/// </summary>
internal static class RealmProvenance
{
    public static Provenance Of(IReadOnlyList<Provenance> realms)
    {
        var duration = realms.Sum(realm => realm.DurationSeconds);
        return realms[0] with
        {
            ManifestSha256 = Convert.ToHexStringLower(SHA256.HashData(
                Encoding.ASCII.GetBytes(string.Concat(realms.Select(realm => realm.ManifestSha256 + "\n"))))),
            Device = Each(realm => realm.Device),
            Engine = Each(realm => realm.Engine),
            Worker = Each(realm => realm.Worker),
            Software = Each(realm => realm.Software),
            Threads = realms.Max(realm => realm.Threads),
            DurationSeconds = duration,
            // Time a realm took, weighted by it: images over seconds of all realms together.
            ImagesPerSecond = realms.Sum(realm => realm.ImagesPerSecond * realm.DurationSeconds) / Math.Max(duration, 1e-9),
            PeakMemoryBytes = realms.Max(realm => realm.PeakMemoryBytes),
            Learning = null,
        };

        string Each(Func<Provenance, string> of) => string.Join(", ", realms.Select(of).Distinct().Order(StringComparer.Ordinal));
    }
}
