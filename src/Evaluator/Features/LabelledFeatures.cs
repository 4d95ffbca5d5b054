using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Features;

/// <summary>A split as a learner has it.</summary>
/// <param name="Features">Float32 [N, D], mapped.</param>
/// <param name="Targets">The right classes of each sample.</param>
internal sealed record LabelledFeatures(FeatureTensor Features, int[][] Targets) : IDisposable
{
    public Tensor Values => Features.Values;

    /// <summary>The one right class of each sample.</summary>
    public int[] Classes() => [.. Targets.Select(targets => targets.Single())];

    public void Dispose() => Features.Dispose();
}
