using System.Text.Json;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Tests.Support;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Tests.Protocols;

/// <summary>What <c>Goldens/protocols/make_goldens.py</c> made, and the features that it made it of.</summary>
internal static class ProtocolGoldens
{
    public static JsonElement Read(string name) => JsonDocument.Parse(File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "Evaluator.Tests", "Goldens", "protocols", name))).RootElement;

    /// <summary>Features [count, width], of the caller's dispose scope, and their targets.</summary>
    public static (Tensor Features, int[] Targets) Labelled(string name, int count, int width, int classCount)
    {
        int[] targets = [.. NamedTensor.Between($"{name}.targets", 0, 1, count).Select(u => (int)((double)u * classCount))];
        var centres = NamedTensor.Between("centres", 0, 1, classCount * width);
        var noise = NamedTensor.Between($"{name}.noise", 0, 1, count * width);
        var features = new float[count * width];
        for (var i = 0; i < features.Length; i++)
        {
            var centre = centres[(targets[i / width] * width) + (i % width)];
            features[i] = (float)Math.Max(0, centre - 0.5 + (2 * (noise[i] - 0.5)));
        }
        return (tensor(features, [count, width]), targets);
    }

    /// <summary>Labels of images that show more than their target.</summary>
    public static IReadOnlyList<sbyte>[] Labels(string name, int[] targets, int classCount)
    {
        var u = NamedTensor.Between($"{name}.labels", 0, 1, targets.Length * classCount);
        return [.. targets.Select((target, sample) => Enumerable.Range(0, classCount)
            .Select(c => c == target ? (sbyte)1 : Label(u[(sample * classCount) + c])).ToArray())];
    }

    public static double[] Numbers(JsonElement element) => [.. element.EnumerateArray().Select(number => number.GetDouble())];

    public static int[] Integers(JsonElement element) => [.. element.EnumerateArray().Select(number => number.GetInt32())];

    private static sbyte Label(double u) => u < 0.08 ? (sbyte)1 : u < 0.12 ? (sbyte)0 : (sbyte)-1;
}
