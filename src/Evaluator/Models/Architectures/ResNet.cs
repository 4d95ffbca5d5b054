using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// ResNet for ImageNet as torchvision defines it: bottlenecks stride in their 3×3 convolution, the average pool adapts
/// to the input. Source: https://github.com/pytorch/vision/blob/v0.14.1/torchvision/models/resnet.py.
/// </summary>
internal static class ResNet
{
    /// <param name="depths">Number of blocks of each of the four stages.</param>
    /// <param name="isBottleneck">Blocks of 1×1, 3×3, 1×1 convolutions rather than of two 3×3.</param>
    /// <param name="classCount">Number of classes.</param>
    public static Network Create(IReadOnlyList<int> depths, bool isBottleneck, int classCount)
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
                x = Block(net, $"layer{stage + 1}.{block}", x, 64 << stage, stride, isBottleneck);
            }
        }
        var features = net.GlobalAveragePool(x);
        return net.Build(features, net.Linear("fc", features, classCount));
    }

    // He et al. 2015, https://arxiv.org/abs/1512.03385, figures 2 and 5.
    private static Value Block(NetworkBuilder net, string name, Value x, int width, int stride, bool isBottleneck)
    {
        net.Block(name);
        Value y;
        if (isBottleneck)
        {
            y = net.Convolution($"{name}.conv1", x, width, kernel: 1);
            y = net.Relu(net.BatchNorm($"{name}.bn1", y));
            y = net.Convolution($"{name}.conv2", y, width, kernel: 3, stride, padding: 1);
            y = net.Relu(net.BatchNorm($"{name}.bn2", y));
            y = net.Convolution($"{name}.conv3", y, 4 * width, kernel: 1);
            y = net.BatchNorm($"{name}.bn3", y);
        }
        else
        {
            y = net.Convolution($"{name}.conv1", x, width, kernel: 3, stride, padding: 1);
            y = net.Relu(net.BatchNorm($"{name}.bn1", y));
            y = net.Convolution($"{name}.conv2", y, width, kernel: 3, padding: 1);
            y = net.BatchNorm($"{name}.bn2", y);
        }
        var shortcut = x;
        if (stride != 1 || x.Channels != y.Channels)
        {
            shortcut = net.Convolution($"{name}.downsample.0", x, y.Channels, kernel: 1, stride);
            shortcut = net.BatchNorm($"{name}.downsample.1", shortcut);
        }
        return net.Relu(net.Sum(y, shortcut));
    }
}
