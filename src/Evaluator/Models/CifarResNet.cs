using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models;

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
internal sealed class CifarResNet : Network
{
    private readonly List<ResidualBlock> blocks = [];
    private readonly List<string> blockNames = [];
    private readonly Linear classifier;
    private readonly List<Layer> layers = [];
    private readonly Names names;
    private readonly CifarShortcut shortcut;
    private readonly Convolution stem;
    private readonly BatchNorm stemNorm;

    /// <param name="depth">Number of layers: 6n + 2.</param>
    /// <param name="shortcut">Which shortcut stands where the size changes.</param>
    /// <param name="classCount">Number of classes.</param>
    public CifarResNet(int depth, CifarShortcut shortcut, int classCount)
    {
        this.shortcut = shortcut;
        names = shortcut == CifarShortcut.ZerosBehind ? Names.OfDxy : Names.OfAkamaster;
        stem = new Convolution(names.Stem, 3, 16, kernel: 3, padding: 1);
        stemNorm = new BatchNorm(names.StemNorm, 16);
        layers.AddRange([stem, stemNorm]);
        var inputs = 16;
        for (var stage = 0; stage < 3; stage++)
        {
            for (var block = 0; block < (depth - 2) / 6; block++)
            {
                inputs = AddBlock($"{names.Stage}{stage + 1}.{block}", inputs, 16 << stage);
            }
        }
        ClassCount = classCount;
        classifier = new Linear(names.Classifier, inputs, classCount);
        layers.Add(classifier);
    }

    public override int ClassCount { get; }

    public override IReadOnlyList<Layer> Layers => layers;

    public override IReadOnlyList<string> Blocks => blockNames;

    public override Tensor Forward(Tensor images)
    {
        var x = Scoped(() => stemNorm.Forward(stem.Forward(images)).relu_());
        foreach (var block in blocks)
        {
            var y = block.Forward(x);
            x.Dispose();
            x = y;
        }
        return classifier.Forward(functional.adaptive_avg_pool2d(x, 1).flatten(1));
    }

    private int AddBlock(string name, int inputs, int outputs)
    {
        var stride = outputs / inputs;
        List<(Convolution Convolution, BatchNorm Norm)> body =
        [
            (new(name + names.Convolutions[0], inputs, outputs, 3, stride, padding: 1),
                new(name + names.Norms[0], outputs)),
            (new(name + names.Convolutions[1], outputs, outputs, 3, padding: 1),
                new(name + names.Norms[1], outputs)),
        ];
        layers.AddRange(body.SelectMany(pair => new Layer[] { pair.Convolution, pair.Norm }));
        blocks.Add(new ResidualBlock(body, stride == 1 ? null : Shortcut(name, inputs, outputs)));
        blockNames.Add(name);
        return outputs;
    }

    private Func<Tensor, Tensor> Shortcut(string name, int inputs, int outputs)
    {
        if (shortcut == CifarShortcut.Convolution)
        {
            var convolution = new Convolution($"{name}.shortcut.0", inputs, outputs, 1, stride: 2);
            var norm = new BatchNorm($"{name}.shortcut.1", outputs);
            layers.AddRange([convolution, norm]);
            return x => norm.Forward(convolution.Forward(x));
        }
        var added = outputs - inputs;
        var before = shortcut == CifarShortcut.ZerosAround ? added / 2 : 0;
        return x => functional.pad(
            x[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)],
            [0, 0, 0, 0, before, added - before]);
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
