using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>A linear head on frozen features, and how near its objective is to the optimum.</summary>
/// <param name="Lambda">The penalty that it was found for.</param>
/// <param name="Weight">[K, D], in the coordinates of the features; whoever gets the head owns it.</param>
/// <param name="Bias">
/// [K]. A class without samples has no weights and the lowest number there is: it is never predicted.
/// </param>
/// <param name="Objective">Sum of the chunks' mean cross-entropies plus lambda times the norm of the weights, at least 0.</param>
/// <param name="Gap">No head has an objective that is lower than this one's by more than this.</param>
/// <param name="Iterations">Passes over the samples that were made for it; it may have been continued from another penalty's.</param>
internal sealed record ProbeHead(
    double Lambda, Tensor Weight, Tensor Bias, double Objective, double Gap, int Iterations) : IDisposable
{
    private const long BlockNumbers = 1 << 22;

    /// <summary>Gives the logits of each sample, in order.</summary>
    /// <param name="features">[N, D], on the device of the head.</param>
    /// <param name="onLogits">Takes a sample's index and its K logits, which are gone afterwards.</param>
    public void ForEach(Tensor features, LogitsAction onLogits)
    {
        using var inference = inference_mode();
        var classes = (int)Bias.shape[0];
        var rows = Math.Max(1, BlockNumbers / classes);
        for (var first = 0L; first < features.shape[0]; first += rows)
        {
            using var scope = NewDisposeScope();
            var block = features.narrow(0, first, Math.Min(rows, features.shape[0] - first));
            var logits = block.matmul(Weight.t()).add_(Bias).cpu().data<float>().ToArray();
            for (var i = 0; i < block.shape[0]; i++)
            {
                onLogits((int)first + i, logits.AsSpan(i * classes, classes));
            }
        }
    }

    /// <summary>The same, kept by the next outer scope.</summary>
    public ProbeHead ToOuterScope()
    {
        Weight.MoveToOuterDisposeScope();
        Bias.MoveToOuterDisposeScope();
        return this;
    }

    public void Dispose()
    {
        Weight.Dispose();
        Bias.Dispose();
    }
}

/// <summary>Takes the logits of one sample.</summary>
internal delegate void LogitsAction(int sample, ReadOnlySpan<float> logits);
