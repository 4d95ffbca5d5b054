using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>How a convolution walks over an image.</summary>
/// <param name="Kernel">Size of the kernel.</param>
/// <param name="Stride">Step.</param>
/// <param name="Padding">Zeros added around the image.</param>
/// <param name="Groups">Groups of channels that do not see each other.</param>
internal readonly record struct Sweep(Extent Kernel, Extent Stride, Padding Padding, int Groups = 1);

/// <summary>A two-dimensional convolution, with the batch norm behind it where that is folded into it.</summary>
internal sealed class Convolution(string name, Value x, int outputs, Sweep sweep, bool bias) : Layer(name, x)
{
    public override int Channels => outputs;

    public override IReadOnlyList<ExpectedTensor> Expected { get; } = bias
        ? [Kernel(name, x, outputs, sweep), new($"{name}.bias", [outputs])]
        : [Kernel(name, x, outputs, sweep)];

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var padding = sweep.Padding.IsSame
            ? Padding.SameFor(x[0].shape[2], x[0].shape[3], sweep.Kernel, sweep.Stride)
            : sweep.Padding;
        var padded = padding.IsSymmetric
            ? x[0]
            : functional.pad(x[0], [padding.Left, padding.Right, padding.Top, padding.Bottom]);
        return functional.conv2d(
            padded, weights.Get($"{Name}.weight"), weights.Find($"{Name}.bias"),
            strides: sweep.Stride.Sizes,
            padding: padding.IsSymmetric ? [padding.Top, padding.Left] : [0, 0],
            groups: sweep.Groups);
    }

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        string[] inputs = [x[0], graph.Weight($"{Name}.weight"), .. graph.WeightIfAny($"{Name}.bias")];
        return graph.Add(
            "Conv", inputs,
            ("kernel_shape", sweep.Kernel.Sizes), ("strides", sweep.Stride.Sizes),
            sweep.Padding.IsSame ? ("auto_pad", "SAME_UPPER") : ("pads", sweep.Padding.Sizes),
            ("group", (long)sweep.Groups));
    }

    private static ExpectedTensor Kernel(string name, Value x, int outputs, Sweep sweep) =>
        new($"{name}.weight", [outputs, x.Channels / sweep.Groups, sweep.Kernel.Height, sweep.Kernel.Width]);
}
