using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// ConvNeXt, Liu et al. 2022, https://arxiv.org/abs/2201.03545. Sources: torchvision 0.14.1, models/convnext.py;
/// facebookresearch/ConvNeXt, models/convnext.py; huggingface/pytorch-image-models v0.9.2, timm/models/convnext.py.
/// </summary>
internal static class ConvNeXt
{
    private const double Epsilon = 1e-6;

    public static IEnumerable<Architecture> Architectures =>
        from size in new (string Name, int[] Depths, int Width)[]
        {
            ("tiny", [3, 3, 9, 3], 96), ("small", [3, 3, 27, 3], 96), ("base", [3, 3, 27, 3], 128),
            ("large", [3, 3, 27, 3], 192),
        }
        from names in new[] { Names.OfTorchvision, Names.OfFacebook, Names.OfTimm }
        select new Architecture(
            $"convnext_{size.Name}", classes => Create(size.Depths, size.Width, names, classes), [8 * size.Width]);

    private static Network Create(int[] depths, int width, Names names, int classCount)
    {
        var net = new NetworkBuilder();
        var x = net.Convolution(names.Stem(0), net.Images, width, kernel: 4, stride: 4, bias: true);
        x = ImageNorm(net, names.Stem(1), x);
        for (var stage = 0; stage < depths.Length; stage++)
        {
            if (stage > 0)
            {
                x = ImageNorm(net, names.Downsample(stage, 0), x);
                x = net.Convolution(names.Downsample(stage, 1), x, width << stage, kernel: 2, stride: 2, bias: true);
            }
            for (var block = 0; block < depths[stage]; block++)
            {
                x = Block(net, names, names.Block(stage, block), x);
            }
        }
        var features = net.LayerNorm(names.LastNorm, net.GlobalAveragePool(x), Epsilon);
        return net.Build(features, net.Linear(names.Head, features, classCount));
    }

    private static Value Block(NetworkBuilder net, Names names, string name, Value x)
    {
        net.Block(name);
        var y = net.Convolution(
            $"{name}.{names.Parts[0]}", x, x.Channels, kernel: 7, padding: 3, groups: x.Channels, bias: true);
        y = net.LayerNorm($"{name}.{names.Parts[1]}", net.ChannelsLast(y), Epsilon);
        y = net.Mlp($"{name}.{names.Parts[2]}", $"{name}.{names.Parts[3]}", y, 4 * x.Channels);
        long[] shape = names == Names.OfTorchvision ? [x.Channels, 1, 1] : [x.Channels];
        y = net.Add(new LayerScale($"{name}.{names.Parts[4]}", y, shape));
        return net.Sum(x, net.ChannelsFirst(y));
    }

    private static Value ImageNorm(NetworkBuilder net, string name, Value x) =>
        net.ChannelsFirst(net.LayerNorm(name, net.ChannelsLast(x), Epsilon));

    private sealed record Names(
        Func<int, string> Stem, Func<int, int, string> Downsample, Func<int, int, string> Block, string[] Parts,
        string LastNorm, string Head)
    {
        public static readonly Names OfTorchvision = new(
            part => $"features.0.{part}", (stage, part) => $"features.{2 * stage}.{part}",
            (stage, block) => $"features.{(2 * stage) + 1}.{block}",
            ["block.0", "block.2", "block.3", "block.5", "layer_scale"], "classifier.0", "classifier.2");

        public static readonly Names OfFacebook = new(
            part => $"downsample_layers.0.{part}", (stage, part) => $"downsample_layers.{stage}.{part}",
            (stage, block) => $"stages.{stage}.{block}", ["dwconv", "norm", "pwconv1", "pwconv2", "gamma"],
            "norm", "head");

        public static readonly Names OfTimm = new(
            part => $"stem.{part}", (stage, part) => $"stages.{stage}.downsample.{part}",
            (stage, block) => $"stages.{stage}.blocks.{block}", ["conv_dw", "norm", "mlp.fc1", "mlp.fc2", "gamma"],
            "head.norm", "head.fc");
    }
}
