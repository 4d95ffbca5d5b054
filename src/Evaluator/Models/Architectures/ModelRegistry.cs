using System.Text.RegularExpressions;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>Every architecture that weights can be loaded into.</summary>
internal static partial class ModelRegistry
{
    private static readonly int[] CifarDepths = [20, 32, 44, 56, 110, 1202];

    public static readonly IReadOnlyList<Architecture> Architectures =
    [
        .. CifarDepths.SelectMany(CifarResNets),
        BasicResNet("resnet18", [2, 2, 2, 2]),
        BasicResNet("resnet34", [3, 4, 6, 3]),
        BottleneckResNet("resnet50", [3, 4, 6, 3]),
        BottleneckResNet("resnet101", [3, 4, 23, 3]),
        BottleneckResNet("resnet152", [3, 8, 36, 3]),
        BottleneckResNet("wide_resnet50_2", [3, 4, 6, 3], groupWidth: 128),
        BottleneckResNet("wide_resnet101_2", [3, 4, 23, 3], groupWidth: 128),
        BottleneckResNet("resnext50_32x4d", [3, 4, 6, 3], groups: 32, groupWidth: 4),
        BottleneckResNet("resnext101_32x8d", [3, 4, 23, 3], groups: 32, groupWidth: 8),
        BottleneckResNet("resnext101_64x4d", [3, 4, 23, 3], groups: 64, groupWidth: 4),
        new("squeezenet1_0", classes => SqueezeNet.Create(isVersion11: false, classes), [512, 1, 1]),
        new("squeezenet1_1", classes => SqueezeNet.Create(isVersion11: true, classes), [512, 1, 1]),
        .. MobileNetV2.Architectures,
        .. EfficientNet.Architectures,
        InceptionV4.Architecture,
        .. InceptionResNetV2.Architectures,
        .. ClipResNet.Architectures,
        .. VisionTransformer.Architectures,
        .. Beit.Architectures,
        .. SwinTransformer.Architectures,
        .. ConvNeXt.Architectures,
        .. MlpMixer.Architectures,
    ];

    private static Architecture[] CifarResNets(int depth) =>
    [
        new($"cifar_resnet{depth}", classes => CifarResNet.Create(depth, CifarShortcut.ZerosAround, classes), [64],
            "shortcuts with zero channels on both sides", CifarNames()),
        new($"cifar_resnet{depth}_zeros_behind",
            classes => CifarResNet.Create(depth, CifarShortcut.ZerosBehind, classes), [64],
            "shortcuts with zero channels behind", ZerosBehindNames()),
        new($"cifar_resnet{depth}", classes => CifarResNet.Create(depth, CifarShortcut.Convolution, classes), [64]),
    ];

    private static Architecture BasicResNet(string name, int[] depths) =>
        new(name, classes => ResNet.Create(depths, isBottleneck: false, classes), [512]);

    // The original ResNets stride in the first 1×1 convolution; all tensors are equal, the function is not.
    private static Architecture BottleneckResNet(string name, int[] depths, int groups = 1, int groupWidth = 64) => new(
        name, classes => ResNet.Create(depths, isBottleneck: true, classes, groups, groupWidth), [2048],
        "stride in the 3×3 convolution, as torchvision's", TorchvisionNames());

    [GeneratedRegex(@"\.conv_?[12]$")]
    private static partial Regex CifarNames();

    [GeneratedRegex(@"^stage_[1-3]\.\d+\.conv_[ab]$")]
    private static partial Regex ZerosBehindNames();

    [GeneratedRegex(@"^layer[1-4]\.\d+\.conv[123]$")]
    private static partial Regex TorchvisionNames();
}
