using System.Text.RegularExpressions;
using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// MobileNetV2 of width 1 as torchvision and, by other names, timm define it. Sources:
/// https://github.com/pytorch/vision/blob/v0.14.1/torchvision/models/mobilenetv2.py;
/// https://github.com/huggingface/pytorch-image-models/blob/v0.9.2/timm/models/efficientnet.py, <c>mobilenetv2_100</c>.
/// </summary>
internal static partial class MobileNetV2
{
    public static readonly IReadOnlyList<Architecture> Architectures =
    [
        Named(MobileNames.OfTorchvisionMobileNet), Named(MobileNames.OfTimm),
    ];

    // Sandler et al. 2018, https://arxiv.org/abs/1801.04381, table 2.
    private static readonly MobileDesign Design = new(
        Stem: 32,
        [
            new(1, 3, 1, 1, 16), new(2, 3, 2, 6, 24), new(3, 3, 2, 6, 32), new(4, 3, 2, 6, 64), new(3, 3, 1, 6, 96),
            new(3, 3, 2, 6, 160), new(1, 3, 1, 6, 320),
        ],
        Head: 1280, ActivationKind.Relu6);

    private static Architecture Named(MobileNames names) => new(
        "mobilenet_v2", classes => new InvertedResiduals(Design, names).Create(classes), [1280],
        "ReLU6, half a kernel of padding, epsilon 1e-5", TorchvisionNames());

    [GeneratedRegex(@"^features\.\d+\.conv\.\d(\.0)?$")]
    private static partial Regex TorchvisionNames();
}
