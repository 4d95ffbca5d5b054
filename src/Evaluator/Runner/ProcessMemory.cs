using System.Globalization;

namespace Leaderboard.Evaluator.Runner;

/// <summary>What the kernel counts of this process's memory.</summary>
internal static class ProcessMemory
{
    /// <summary>RssAnon in bytes: resident memory that no file backs.</summary>
    public static long Anonymous()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        var kibibytes = line["RssAnon:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024;
    }
}
