using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>The largest number under a window.</summary>
/// <param name="x">Images.</param>
/// <param name="kernel">Side of the window.</param>
/// <param name="stride">Its step.</param>
/// <param name="padding">Pixels added around, which are never the largest.</param>
/// <param name="roundsUp">Whether a window that reaches over the edge counts (<c>ceil_mode</c>).</param>
internal sealed class MaxPool(Value x, int kernel, int stride, int padding, bool roundsUp) : Operation(x)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => functional.max_pool2d(
        x[0], [kernel, kernel], strides: [stride, stride], padding: [padding, padding], ceil_mode: roundsUp);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) => graph.Add(
        "MaxPool", x,
        ("kernel_shape", ((Extent)kernel).Sizes), ("strides", ((Extent)stride).Sizes),
        ("pads", ((Padding)padding).Sizes), ("ceil_mode", roundsUp ? 1L : 0L));
}

/// <summary>Each channel's mean over the whole image: [N, C, H, W] to [N, C].</summary>
internal sealed class GlobalAveragePool(Value x) : Operation(x)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) =>
        functional.adaptive_avg_pool2d(x[0], 1).flatten(1);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) =>
        graph.Add("Flatten", [graph.Add("GlobalAveragePool", x)], ("axis", 1L));
}
