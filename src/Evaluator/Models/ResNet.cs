using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models;

/// <summary>
/// ResNet for ImageNet as torchvision defines it: bottlenecks stride in their 3×3 convolution, the average pool adapts
/// to the input. Source: https://github.com/pytorch/vision/blob/v0.14.1/torchvision/models/resnet.py.
/// </summary>
internal sealed class ResNet : Network
{
    private readonly List<ResidualBlock> blocks = [];
    private readonly List<string> blockNames = [];
    private readonly Linear classifier;
    private readonly List<Layer> layers = [];
    private readonly Convolution stem = new("conv1", 3, 64, kernel: 7, stride: 2, padding: 3);
    private readonly BatchNorm stemNorm = new("bn1", 64);

    /// <param name="depths">Number of blocks of each of the four stages.</param>
    /// <param name="isBottleneck">Blocks of 1×1, 3×3, 1×1 convolutions rather than of two 3×3.</param>
    /// <param name="classCount">Number of classes.</param>
    public ResNet(IReadOnlyList<int> depths, bool isBottleneck, int classCount)
    {
        layers.AddRange([stem, stemNorm]);
        var inputs = 64;
        for (var stage = 0; stage < depths.Count; stage++)
        {
            for (var block = 0; block < depths[stage]; block++)
            {
                var stride = stage > 0 && block == 0 ? 2 : 1;
                inputs = AddBlock($"layer{stage + 1}.{block}", inputs, 64 << stage, stride, isBottleneck);
            }
        }
        ClassCount = classCount;
        classifier = new Linear("fc", inputs, classCount);
        layers.Add(classifier);
    }

    public override int ClassCount { get; }

    public override IReadOnlyList<Layer> Layers => layers;

    public override IReadOnlyList<string> Blocks => blockNames;

    public override Tensor Forward(Tensor images)
    {
        var x = Scoped(() => functional.max_pool2d(
            stemNorm.Forward(stem.Forward(images)).relu_(), [3, 3], strides: [2, 2], padding: [1, 1]));
        foreach (var block in blocks)
        {
            var y = block.Forward(x);
            x.Dispose();
            x = y;
        }
        return classifier.Forward(functional.adaptive_avg_pool2d(x, 1).flatten(1));
    }

    private int AddBlock(string name, int inputs, int width, int stride, bool isBottleneck)
    {
        var outputs = isBottleneck ? 4 * width : width;
        List<(Convolution Convolution, BatchNorm Norm)> body = isBottleneck
            ?
            [
                (new($"{name}.conv1", inputs, width, 1), new($"{name}.bn1", width)),
                (new($"{name}.conv2", width, width, 3, stride, padding: 1), new($"{name}.bn2", width)),
                (new($"{name}.conv3", width, outputs, 1), new($"{name}.bn3", outputs)),
            ]
            :
            [
                (new($"{name}.conv1", inputs, width, 3, stride, padding: 1), new($"{name}.bn1", width)),
                (new($"{name}.conv2", width, width, 3, padding: 1), new($"{name}.bn2", width)),
            ];
        layers.AddRange(body.SelectMany(pair => new Layer[] { pair.Convolution, pair.Norm }));

        Func<Tensor, Tensor>? shortcut = null;
        if (stride != 1 || inputs != outputs)
        {
            var convolution = new Convolution($"{name}.downsample.0", inputs, outputs, 1, stride);
            var norm = new BatchNorm($"{name}.downsample.1", outputs);
            layers.AddRange([convolution, norm]);
            shortcut = x => norm.Forward(convolution.Forward(x));
        }
        blocks.Add(new ResidualBlock(body, shortcut));
        blockNames.Add(name);
        return outputs;
    }
}
