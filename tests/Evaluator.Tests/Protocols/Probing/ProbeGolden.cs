using System.Text.Json;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Shared;
using Leaderboard.Tests.Support;
using TorchSharp;

namespace Leaderboard.Evaluator.Tests.Protocols.Probing;

/// <summary>A problem of <c>make_probe_goldens.py</c>: its numbers follow from its name, its heads are stored.</summary>
internal sealed record ProbeGolden(string Name, int Samples, int Width, int Classes, float Noise, IReadOnlyList<GoldenHead> Heads)
{
    private const int HeldOut = 200;

    private static readonly IReadOnlyList<ProbeGolden> All = JsonSerializer.Deserialize<List<ProbeGolden>>(
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "Evaluator.Tests", "Goldens", "probing", "probes.json")),
        LeaderboardJson.Options)!;

    public static IEnumerable<string> Names => All.Select(golden => golden.Name);

    public IReadOnlyList<double> Lambdas => [.. Heads.Select(head => head.Lambda)];

    public int[] Targets => Classified("train", Samples);

    public int[] HeldOutTargets => Classified("test", HeldOut);

    public static ProbeGolden Of(string name) => All.Single(golden => golden.Name == name);

    /// <summary>[N, D]; whoever asks owns it.</summary>
    public torch.Tensor Features() => Tensor(FeaturesOf("train", Samples));

    public torch.Tensor HeldOutFeatures() => Tensor(FeaturesOf("test", HeldOut));

    /// <summary>A sample's features.</summary>
    public float[] FeaturesOf(string part, int samples)
    {
        var targets = Classified(part, samples);
        var means = NamedTensor.Between($"{Name}.means", -1, 1, Classes, Width);
        var scales = NamedTensor.Between($"{Name}.scales", 0, 2, Width);
        var features = NamedTensor.Between($"{Name}.{part}.features", -Noise, Noise, samples, Width);
        for (var i = 0; i < features.Length; i++)
        {
            var (sample, feature) = (i / Width, i % Width);
            features[i] = Math.Max(means[(targets[sample] * Width) + feature] + features[i], 0) * scales[feature];
        }
        return features;
    }

    private int[] Classified(string part, int samples)
    {
        var shares = NamedTensor.Between($"{Name}.{part}.targets", 0, 1, samples);
        return [.. shares.Select(share => (int)(Classes * ((double)share * share)))];
    }

    private torch.Tensor Tensor(float[] numbers) => torch.tensor(numbers, numbers.Length / Width, Width);
}

/// <summary>The optimum of one penalty.</summary>
/// <param name="Lambda">The penalty.</param>
/// <param name="Objective">The objective there.</param>
/// <param name="Norm">Of the weights.</param>
/// <param name="Predictions">The class of each sample held out.</param>
/// <param name="Margins">By how much its logit is above the second.</param>
internal sealed record GoldenHead(double Lambda, double Objective, double Norm, int[] Predictions, double[] Margins);
