using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models;

/// <summary>
/// SqueezeNet 1.0 and 1.1 as torchvision defines them: pools round up, the last convolution is the classifier. Source:
/// https://github.com/pytorch/vision/blob/v0.14.1/torchvision/models/squeezenet.py.
/// </summary>
internal sealed class SqueezeNet : Network
{
    private readonly Convolution classifier;
    private readonly List<string> fireNames = [];
    private readonly List<Layer> layers = [];
    private readonly List<Func<Tensor, Tensor>> steps = [];

    /// <param name="isVersion11">Version 1.1: a smaller first convolution, and pools earlier.</param>
    /// <param name="classCount">Number of classes.</param>
    public SqueezeNet(bool isVersion11, int classCount)
    {
        var stem = isVersion11
            ? new Convolution("features.0", 3, 64, kernel: 3, stride: 2, bias: true)
            : new Convolution("features.0", 3, 96, kernel: 7, stride: 2, bias: true);
        layers.Add(stem);
        steps.Add(x => stem.Forward(x).relu_());

        // Places in `features`: the fire modules stand where the pools do not.
        int[] pools = isVersion11 ? [2, 5, 8] : [2, 6, 11];
        int[] squeezes = [16, 16, 32, 32, 48, 48, 64, 64];
        var channels = isVersion11 ? 64 : 96;
        var fires = 0;
        for (var place = 2; place <= 12; place++)
        {
            if (pools.Contains(place))
            {
                steps.Add(x => functional.max_pool2d(x, [3, 3], strides: [2, 2], ceil_mode: true));
            }
            else
            {
                channels = AddFire($"features.{place}", channels, squeezes[fires++]);
            }
        }
        ClassCount = classCount;
        classifier = new Convolution("classifier.1", channels, classCount, kernel: 1, bias: true);
        layers.Add(classifier);
    }

    public override int ClassCount { get; }

    public override IReadOnlyList<Layer> Layers => layers;

    public override IReadOnlyList<string> Blocks => fireNames;

    public override Tensor Forward(Tensor images)
    {
        var x = images.alias();
        foreach (var step in steps)
        {
            var y = Scoped(() => step(x));
            x.Dispose();
            x = y;
        }
        return functional.adaptive_avg_pool2d(classifier.Forward(x).relu_(), 1).flatten(1);
    }

    // Iandola et al. 2016, https://arxiv.org/abs/1602.07360, figure 1: both expansions have four times the squeeze.
    private int AddFire(string name, int inputs, int squeezed)
    {
        var squeeze = new Convolution($"{name}.squeeze", inputs, squeezed, 1, bias: true);
        var expand1 = new Convolution($"{name}.expand1x1", squeezed, 4 * squeezed, 1, bias: true);
        var expand3 = new Convolution($"{name}.expand3x3", squeezed, 4 * squeezed, 3, padding: 1, bias: true);
        layers.AddRange([squeeze, expand1, expand3]);
        fireNames.Add(name);
        steps.Add(x =>
        {
            var y = squeeze.Forward(x).relu_();
            return cat([expand1.Forward(y).relu_(), expand3.Forward(y).relu_()], 1);
        });
        return 8 * squeezed;
    }
}
