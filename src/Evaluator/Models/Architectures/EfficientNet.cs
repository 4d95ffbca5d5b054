using System.Text.RegularExpressions;
using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// EfficientNet-B0 to B7, in three functions of equal tensors: torchvision's, timm's <c>efficientnet_*</c>, and timm's
/// <c>tf_efficientnet_*</c> with the padding and the epsilon of the TensorFlow weights. torchvision's names are its own;
/// timm's do not tell its two apart. Sources:
/// https://github.com/pytorch/vision/blob/v0.14.1/torchvision/models/efficientnet.py;
/// https://github.com/huggingface/pytorch-image-models/blob/v0.9.2/timm/models/efficientnet.py, <c>_gen_efficientnet</c>.
/// </summary>
internal static partial class EfficientNet
{
    private const double PyTorchEpsilon = 1e-5;
    private const double TensorFlowEpsilon = 1e-3;

    // Width and depth of B0 … B7; of torchvision's, B5 and up have TensorFlow's epsilon.
    private static readonly (double Width, double Depth)[] Scalings =
        [(1.0, 1.0), (1.0, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8), (1.6, 2.2), (1.8, 2.6), (2.0, 3.1)];

    public static readonly IReadOnlyList<Architecture> Architectures = [.. Enumerable.Range(0, 8).SelectMany(Numbered)];

    private static Architecture[] Numbered(int number) =>
    [
        Create($"efficientnet_b{number}", number, MobileNames.OfTorchvisionEfficientNet, padsSame: false,
            number < 5 ? PyTorchEpsilon : TensorFlowEpsilon),
        Create($"efficientnet_b{number}", number, MobileNames.OfTimm, padsSame: false, PyTorchEpsilon),
        Create($"tf_efficientnet_b{number}", number, MobileNames.OfTimm, padsSame: true, TensorFlowEpsilon),
    ];

    private static Architecture Create(string name, int number, MobileNames names, bool padsSame, double epsilon)
    {
        var (width, depth) = Scalings[number];
        var head = Widened(1280, width);
        return new Architecture(
            name,
            classes => new InvertedResiduals(Design(width, depth, head, padsSame, epsilon), names).Create(classes),
            [head],
            (padsSame ? "TensorFlow's SAME padding" : "half a kernel of padding")
                + (epsilon == PyTorchEpsilon ? ", epsilon 1e-5" : ", epsilon 1e-3"),
            TorchvisionNames());
    }

    // Tan and Le 2019, https://arxiv.org/abs/1905.11946, table 1.
    private static MobileDesign Design(double width, double depth, int head, bool padsSame, double epsilon)
    {
        MobileStage Stage(int repeats, int kernel, int stride, int expansion, int outputs) =>
            new((int)Math.Ceiling(repeats * depth), kernel, stride, expansion, Widened(outputs, width));

        return new MobileDesign(
            Widened(32, width),
            [
                Stage(1, 3, 1, 1, 16), Stage(2, 3, 2, 6, 24), Stage(2, 5, 2, 6, 40), Stage(3, 3, 2, 6, 80),
                Stage(3, 5, 1, 6, 112), Stage(4, 5, 2, 6, 192), Stage(1, 3, 1, 6, 320),
            ],
            head, ActivationKind.Silu, Squeezes: true, padsSame, epsilon);
    }

    // To a multiple of 8, and by no more than a tenth down: _make_divisible of both sources.
    private static int Widened(int channels, double width)
    {
        var wanted = channels * width;
        var rounded = Math.Max(8, (int)(wanted + 4) / 8 * 8);
        return rounded < 0.9 * wanted ? rounded + 8 : rounded;
    }

    [GeneratedRegex(@"^features\.\d\.\d+\.block\.\d\.(0|fc[12])$")]
    private static partial Regex TorchvisionNames();
}
