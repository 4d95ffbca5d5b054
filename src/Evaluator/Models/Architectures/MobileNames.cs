namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>A convolution and its batch norm.</summary>
internal sealed record UnitNames(string Convolution, string Norm);

/// <summary>What a block of <see cref="InvertedResiduals"/> calls its layers.</summary>
/// <param name="Name">What all their names begin with.</param>
/// <param name="Expand">The first 1×1 convolution; not there where nothing is expanded.</param>
/// <param name="Depthwise">The convolution of each channel by itself.</param>
/// <param name="Squeeze">The first convolution of squeeze and excitation.</param>
/// <param name="Excite">The second.</param>
/// <param name="Project">The last 1×1 convolution.</param>
internal sealed record MobileBlockNames(
    string Name, UnitNames Expand, UnitNames Depthwise, string Squeeze, string Excite, UnitNames Project);

/// <summary>What a library calls the layers of <see cref="InvertedResiduals"/>.</summary>
/// <param name="Stem">The first convolution.</param>
/// <param name="Block">A block by stage, place in the stage and place in the network, all from 0.</param>
/// <param name="Head">The last convolution.</param>
/// <param name="Classifier">The linear layer.</param>
internal sealed record MobileNames(
    UnitNames Stem, Func<int, int, int, MobileDesign, MobileBlockNames> Block, Func<MobileDesign, UnitNames> Head,
    string Classifier)
{
    /// <summary>https://github.com/pytorch/vision/blob/v0.14.1/torchvision/models/mobilenetv2.py.</summary>
    public static readonly MobileNames OfTorchvisionMobileNet = new(
        Pair("features.0"),
        (stage, _, place, design) => TorchvisionMobileNet($"features.{place + 1}", design.Stages[stage].Expansion > 1),
        design => Pair($"features.{design.Stages.Sum(stage => stage.Repeats) + 1}"),
        "classifier.1");

    /// <summary>https://github.com/pytorch/vision/blob/v0.14.1/torchvision/models/efficientnet.py.</summary>
    public static readonly MobileNames OfTorchvisionEfficientNet = new(
        Pair("features.0"),
        (stage, block, _, design) => TorchvisionEfficientNet(
            $"features.{stage + 1}.{block}", design.Stages[stage].Expansion > 1),
        design => Pair($"features.{design.Stages.Count + 1}"),
        "classifier.1");

    /// <summary>
    /// https://github.com/huggingface/pytorch-image-models/blob/v0.9.2/timm/models/_efficientnet_blocks.py:
    /// <c>InvertedResidual</c>, and <c>DepthwiseSeparableConv</c> where nothing is expanded.
    /// </summary>
    public static readonly MobileNames OfTimm = new(
        new UnitNames("conv_stem", "bn1"),
        (stage, block, _, design) => Timm($"blocks.{stage}.{block}", design.Stages[stage].Expansion > 1),
        _ => new UnitNames("conv_head", "bn2"),
        "classifier");

    private static UnitNames Pair(string name) => new($"{name}.0", $"{name}.1");

    private static MobileBlockNames TorchvisionMobileNet(string name, bool expands)
    {
        var depthwise = expands ? 1 : 0;
        return new MobileBlockNames(
            name, Pair($"{name}.conv.0"), Pair($"{name}.conv.{depthwise}"), Squeeze: "", Excite: "",
            new UnitNames($"{name}.conv.{depthwise + 1}", $"{name}.conv.{depthwise + 2}"));
    }

    private static MobileBlockNames TorchvisionEfficientNet(string name, bool expands)
    {
        var depthwise = expands ? 1 : 0;
        var squeeze = $"{name}.block.{depthwise + 1}";
        return new MobileBlockNames(
            name, Pair($"{name}.block.0"), Pair($"{name}.block.{depthwise}"), $"{squeeze}.fc1", $"{squeeze}.fc2",
            Pair($"{name}.block.{depthwise + 2}"));
    }

    private static MobileBlockNames Timm(string name, bool expands)
    {
        var (squeeze, excite) = ($"{name}.se.conv_reduce", $"{name}.se.conv_expand");
        UnitNames depthwise = new($"{name}.conv_dw", expands ? $"{name}.bn2" : $"{name}.bn1");
        UnitNames project = expands ? new($"{name}.conv_pwl", $"{name}.bn3") : new($"{name}.conv_pw", $"{name}.bn2");
        return new MobileBlockNames(
            name, new UnitNames($"{name}.conv_pw", $"{name}.bn1"), depthwise, squeeze, excite, project);
    }
}
