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

/// <summary>The mean of the numbers under a window, padding left out of it (<c>count_include_pad=False</c>).</summary>
/// <param name="x">Images.</param>
/// <param name="kernel">Side of the window.</param>
/// <param name="stride">Its step.</param>
/// <param name="padding">Pixels added around, which do not count.</param>
internal sealed class AveragePool(Value x, int kernel, int stride, int padding) : Operation(x)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => functional.avg_pool2d(
        x[0], [kernel, kernel], stride: [stride, stride], padding: [padding, padding], count_include_pad: false);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) => graph.Add(
        "AveragePool", x,
        ("kernel_shape", ((Extent)kernel).Sizes), ("strides", ((Extent)stride).Sizes),
        ("pads", ((Padding)padding).Sizes), ("count_include_pad", 0L));
}

/// <summary>Each channel's mean over the whole image.</summary>
/// <param name="x">Images.</param>
/// <param name="keepsImage">Gives images of one pixel, [N, C, 1, 1], rather than [N, C].</param>
internal sealed class GlobalAveragePool(Value x, bool keepsImage = false) : Operation(x)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var mean = functional.adaptive_avg_pool2d(x[0], 1);
        return keepsImage ? mean : mean.flatten(1);
    }

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var mean = graph.Add("GlobalAveragePool", x);
        return keepsImage ? mean : graph.Add("Flatten", [mean], ("axis", 1L));
    }
}
