using Leaderboard.Evaluator.Protocols.Probing;

namespace Leaderboard.Evaluator.Tests.Protocols.Probing;

/// <summary>The authors' objective in float64, written as their chunks read.</summary>
internal static class ExactObjective
{
    public static double Of(ProbeGolden golden, ProbeHead head)
    {
        var (targets, features) = (golden.Targets, golden.FeaturesOf("train", golden.Samples));
        double[] weight = [.. head.Weight.data<float>().ToArray()];
        double[] bias = [.. head.Bias.data<float>().ToArray()];
        var (sum, size) = (0.0, golden.Samples / 10);
        for (var chunk = 0; chunk < 10; chunk++)
        {
            var (first, end) = (chunk * size, chunk == 9 ? golden.Samples : (chunk + 1) * size);
            sum += first == end ? 0 : Enumerable.Range(first, end - first).Average(CrossEntropy);
        }
        return sum + (head.Lambda * Math.Sqrt(weight.Sum(w => w * w)));

        double CrossEntropy(int sample)
        {
            var logits = Enumerable.Range(0, golden.Classes).Select(c => bias[c] + Enumerable.Range(0, golden.Width)
                .Sum(j => weight[(c * golden.Width) + j] * features[(sample * golden.Width) + j])).ToArray();
            var largest = logits.Max();
            return largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest))) - logits[targets[sample]];
        }
    }
}
