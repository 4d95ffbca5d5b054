using System.Collections;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Protocols.Probing;
using TorchSharp;

namespace Leaderboard.Evaluator.Tests.Protocols.Probing;

/// <summary>The heads of a golden's problem.</summary>
internal sealed class SolvedProbe : IEnumerable<ProbeHead>, IDisposable
{
    private readonly IReadOnlyList<ProbeHead> heads;

    public SolvedProbe(ProbeGolden golden, IReadOnlyList<double> lambdas, int maxRounds = LinearProbe.DefaultMaxRounds)
    {
        using var features = golden.Features();
        heads = LinearProbe.Solve(
            features, golden.Targets, golden.Classes, lambdas, onProgress: null, TestContext.Current.CancellationToken, maxRounds);
    }

    public static int[] Predictions(ProbeHead head, torch.Tensor features)
    {
        var predictions = new int[features.shape[0]];
        head.ForEach(features, (sample, logits) => predictions[sample] = Classification.Predict(logits, sample).Top[0]);
        return predictions;
    }

    public IEnumerator<ProbeHead> GetEnumerator() => heads.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (var head in heads)
        {
            head.Dispose();
        }
    }
}
