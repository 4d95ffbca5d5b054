using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>What a CIFAR ResNet does to the input of a block that halves the image and doubles the channels.</summary>
internal enum CifarShortcut
{
    /// <summary>Every second pixel; half of the new channels, all zero, before the old ones and half after.</summary>
    ZerosAround,

    /// <summary>Every second pixel; the new channels, all zero, after the old ones.</summary>
    ZerosBehind,

    /// <summary>A 1×1 convolution with batch norm.</summary>
    Convolution,
}

/// <summary>
/// ResNet for 32×32 images: three stages of 16, 32 and 64 channels. Sources: He et al. 2015, section 4.2;
/// https://github.com/akamaster/pytorch_resnet_cifar10/blob/master/resnet.py (names, options A and B);
/// https://github.com/D-X-Y/ResNeXt-DenseNet/blob/master/models/resnet.py (zeros behind, under names of its own).
/// </summary>
internal static class CifarResNet
{
    /// <param name="depth">Number of layers: 6n + 2.</param>
    /// <param name="shortcut">Which shortcut stands where the size changes.</param>
    /// <param name="classCount">Number of classes.</param>
    public static Network Create(int depth, CifarShortcut shortcut, int classCount)
    {
        var names = shortcut == CifarShortcut.ZerosBehind ? Names.OfDxy : Names.OfAkamaster;
        var net = new NetworkBuilder();
        var x = net.Convolution(names.Stem, net.Images, 16, kernel: 3, padding: 1);
        x = net.Relu(net.BatchNorm(names.StemNorm, x));
        for (var stage = 0; stage < 3; stage++)
        {
            for (var block = 0; block < (depth - 2) / 6; block++)
            {
                x = Block(net, names, $"{names.Stage}{stage + 1}.{block}", x, 16 << stage, shortcut);
            }
        }
        var features = net.GlobalAveragePool(x);
        return net.Build(features, net.Linear(names.Classifier, features, classCount));
    }

    private static Value Block(
        NetworkBuilder net, Names names, string name, Value x, int outputs, CifarShortcut shortcut)
    {
        net.Block(name);
        var y = net.Convolution(name + names.Convolutions[0], x, outputs, 3, stride: outputs / x.Channels, padding: 1);
        y = net.Relu(net.BatchNorm(name + names.Norms[0], y));
        y = net.Convolution(name + names.Convolutions[1], y, outputs, 3, padding: 1);
        y = net.BatchNorm(name + names.Norms[1], y);
        return net.Relu(net.Sum(y, x.Channels == outputs ? x : Shortcut(net, name, x, outputs, shortcut)));
    }

    private static Value Shortcut(NetworkBuilder net, string name, Value x, int outputs, CifarShortcut shortcut)
    {
        if (shortcut == CifarShortcut.Convolution)
        {
            return net.BatchNorm($"{name}.shortcut.1", net.Convolution($"{name}.shortcut.0", x, outputs, 1, stride: 2));
        }
        var added = outputs - x.Channels;
        var before = shortcut == CifarShortcut.ZerosAround ? added / 2 : 0;
        return net.Add(new ZeroPaddedShortcut(x, before, added - before));
    }

    private sealed record Names(
        string Stem, string StemNorm, string Stage, string[] Convolutions, string[] Norms, string Classifier)
    {
        public static readonly Names OfAkamaster =
            new("conv1", "bn1", "layer", [".conv1", ".conv2"], [".bn1", ".bn2"], "linear");

        public static readonly Names OfDxy =
            new("conv_1_3x3", "bn_1", "stage_", [".conv_a", ".conv_b"], [".bn_a", ".bn_b"], "classifier");
    }
}
