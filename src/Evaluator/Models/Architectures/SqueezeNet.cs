using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// SqueezeNet 1.0 and 1.1 as torchvision defines them: pools round up, the last convolution is the classifier. Source:
/// https://github.com/pytorch/vision/blob/v0.14.1/torchvision/models/squeezenet.py.
/// </summary>
internal static class SqueezeNet
{
    /// <param name="isVersion11">Version 1.1: a smaller first convolution, and pools earlier.</param>
    /// <param name="classCount">Number of classes.</param>
    public static Network Create(bool isVersion11, int classCount)
    {
        var net = new NetworkBuilder();
        var x = isVersion11
            ? net.Convolution("features.0", net.Images, 64, kernel: 3, stride: 2, bias: true)
            : net.Convolution("features.0", net.Images, 96, kernel: 7, stride: 2, bias: true);
        x = net.Relu(x);

        // Places in `features`: the fire modules stand where the pools do not.
        int[] pools = isVersion11 ? [2, 5, 8] : [2, 6, 11];
        int[] squeezes = [16, 16, 32, 32, 48, 48, 64, 64];
        var fires = 0;
        for (var place = 2; place <= 12; place++)
        {
            x = pools.Contains(place)
                ? net.MaxPool(x, kernel: 3, stride: 2, roundsUp: true)
                : Fire(net, $"features.{place}", x, squeezes[fires++]);
        }
        var classifier = net.Convolution("classifier.1", x, classCount, kernel: 1, bias: true);
        return net.Build(net.GlobalAveragePool(x), net.GlobalAveragePool(net.Relu(classifier)));
    }

    // Iandola et al. 2016, https://arxiv.org/abs/1602.07360, figure 1: both expansions have four times the squeeze.
    private static Value Fire(NetworkBuilder net, string name, Value x, int squeezed)
    {
        net.Block(name);
        var y = net.Relu(net.Convolution($"{name}.squeeze", x, squeezed, 1, bias: true));
        var expand1 = net.Relu(net.Convolution($"{name}.expand1x1", y, 4 * squeezed, 1, bias: true));
        var expand3 = net.Relu(net.Convolution($"{name}.expand3x3", y, 4 * squeezed, 3, padding: 1, bias: true));
        return net.Concatenate(expand1, expand3);
    }
}
