using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>Another order of the axes.</summary>
/// <param name="x">Its input.</param>
/// <param name="order">Which axis of the input stands at each place.</param>
/// <param name="channels">Size of the channels' axis of what it gives.</param>
internal sealed class Permutation(Value x, long[] order, int channels) : Operation(x)
{
    public override int Channels => channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => x[0].permute(order);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) =>
        graph.Add("Transpose", x, ("perm", order));
}

/// <summary>Images as tokens, row by row: [N, C, H, W] to [N, H·W, C].</summary>
internal sealed class ImagesToTokens(Value x) : Operation(x)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => x[0].flatten(2).transpose(1, 2);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) => graph.Tokens(x[0], Channels);
}

/// <summary>The mean over some axes, which go.</summary>
/// <param name="x">Its input.</param>
/// <param name="axes">The axes.</param>
/// <param name="skip">How many of the first of <paramref name="axes"/> are left out: 1 for a class token.</param>
internal sealed class Mean(Value x, long[] axes, int skip = 0) : Operation(x)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) =>
        x[0].narrow(axes[0], skip, x[0].shape[axes[0]] - skip).mean(axes);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var counted = skip == 0 ? x[0] : graph.Add(
            "Slice",
            [x[0], graph.Constant([skip]), graph.Constant([int.MaxValue]), graph.Constant([axes[0]])]);
        return graph.Add("ReduceMean", [counted, graph.Constant(axes)], ("keepdims", 0L));
    }
}
