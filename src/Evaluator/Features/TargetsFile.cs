using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Datasets;

namespace Leaderboard.Evaluator.Features;

/// <summary>
/// The right classes of a split's samples, on their way to a learner: per sample how many, and which, as int32, in the
/// manifest's order.
/// </summary>
internal static class TargetsFile
{
    public static void Write(string path, IReadOnlyList<ManifestSample> samples)
    {
        using var file = new BufferedStream(File.Create(path), 1 << 16);
        foreach (var sample in samples)
        {
            var targets = sample.Classes;
            file.Write(MemoryMarshal.AsBytes([targets.Length]));
            file.Write(MemoryMarshal.AsBytes(targets.AsSpan()));
        }
    }

    /// <exception cref="InvalidDataException">The file does not hold so many samples.</exception>
    public static int[][] Read(string path, int count)
    {
        var numbers = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(path)).ToArray();
        var targets = new int[count][];
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            if (at >= numbers.Length || numbers[at] < 0 || at + numbers[at] >= numbers.Length)
            {
                throw new InvalidDataException($"{path} does not hold the targets of {count} samples.");
            }
            targets[i] = numbers[(at + 1)..(at + 1 + numbers[at])];
            at += 1 + numbers[at];
        }
        return targets;
    }
}
