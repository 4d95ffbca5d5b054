using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// ResNet, Wide-ResNet and ResNeXt for ImageNet as torchvision defines them, and timm by the same names: bottlenecks
/// stride in their 3×3 convolution, the average pool adapts to the input. Source:
/// https://github.com/pytorch/vision/blob/v0.14.1/torchvision/models/resnet.py.
/// </summary>
internal static class ResNet
{
    /// <param name="depths">Number of blocks of each of the four stages.</param>
    /// <param name="isBottleneck">Blocks of 1×1, 3×3, 1×1 convolutions rather than of two 3×3.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="groups">Groups of channels of the 3×3 convolution of a bottleneck: ResNeXt's cardinality.</param>
    /// <param name="groupWidth">Channels of each of them in the first stage; twice 64 makes Wide-ResNet.</param>
    public static Network Create(
        IReadOnlyList<int> depths, bool isBottleneck, int classCount, int groups = 1, int groupWidth = 64)
    {
        var net = new NetworkBuilder();
        var x = net.Convolution("conv1", net.Images, 64, kernel: 7, stride: 2, padding: 3);
        x = net.Relu(net.BatchNorm("bn1", x));
        x = net.MaxPool(x, kernel: 3, stride: 2, padding: 1);
        for (var stage = 0; stage < depths.Count; stage++)
        {
            for (var block = 0; block < depths[stage]; block++)
            {
                var stride = stage > 0 && block == 0 ? 2 : 1;
                var (name, outputs) = ($"layer{stage + 1}.{block}", 64 << stage);
                x = isBottleneck
                    ? Bottleneck(net, name, x, 4 * outputs, groups * groupWidth << stage, groups, stride)
                    : Basic(net, name, x, outputs, stride);
            }
        }
        var features = net.GlobalAveragePool(x);
        return net.Build(features, net.Linear("fc", features, classCount));
    }

    // He et al. 2015, https://arxiv.org/abs/1512.03385, figure 5, left.
    private static Value Basic(NetworkBuilder net, string name, Value x, int outputs, int stride)
    {
        net.Block(name);
        var y = net.Convolution($"{name}.conv1", x, outputs, kernel: 3, stride, padding: 1);
        y = net.Relu(net.BatchNorm($"{name}.bn1", y));
        y = net.Convolution($"{name}.conv2", y, outputs, kernel: 3, padding: 1);
        y = net.BatchNorm($"{name}.bn2", y);
        return net.Relu(net.Sum(y, Shortcut(net, name, x, outputs, stride)));
    }

    // The same, right; with groups Xie et al. 2016, https://arxiv.org/abs/1611.05431, figure 3c.
    private static Value Bottleneck(
        NetworkBuilder net, string name, Value x, int outputs, int width, int groups, int stride)
    {
        net.Block(name);
        var y = net.Convolution($"{name}.conv1", x, width, kernel: 1);
        y = net.Relu(net.BatchNorm($"{name}.bn1", y));
        y = net.Convolution($"{name}.conv2", y, width, kernel: 3, stride, padding: 1, groups);
        y = net.Relu(net.BatchNorm($"{name}.bn2", y));
        y = net.Convolution($"{name}.conv3", y, outputs, kernel: 1);
        y = net.BatchNorm($"{name}.bn3", y);
        return net.Relu(net.Sum(y, Shortcut(net, name, x, outputs, stride)));
    }

    private static Value Shortcut(NetworkBuilder net, string name, Value x, int outputs, int stride) =>
        stride == 1 && x.Channels == outputs
            ? x
            : net.BatchNorm($"{name}.downsample.1", net.Convolution($"{name}.downsample.0", x, outputs, 1, stride));
}
