using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>A run of equal blocks; the first of them strides.</summary>
/// <param name="Repeats">Number of blocks.</param>
/// <param name="Kernel">Side of the depthwise kernel.</param>
/// <param name="Stride">Stride of the first block.</param>
/// <param name="Expansion">How many times as many channels a block computes on as it takes.</param>
/// <param name="Outputs">Channels that each gives.</param>
internal sealed record MobileStage(int Repeats, int Kernel, int Stride, int Expansion, int Outputs);

/// <summary>What sets networks of inverted residuals apart.</summary>
/// <param name="Stem">Channels of the first convolution.</param>
/// <param name="Stages">The blocks.</param>
/// <param name="Head">Channels of the last convolution.</param>
/// <param name="Activation">Behind every convolution but a block's last.</param>
/// <param name="Squeezes">Whether blocks weigh their channels by squeeze and excitation.</param>
/// <param name="PadsSame">TensorFlow's padding rather than half a kernel on each side.</param>
/// <param name="Epsilon">Of the batch norms.</param>
internal sealed record MobileDesign(
    int Stem, IReadOnlyList<MobileStage> Stages, int Head, ActivationKind Activation, bool Squeezes = false,
    bool PadsSame = false, double Epsilon = 1e-5);

/// <summary>
/// Networks of inverted residuals: Sandler et al. 2018, https://arxiv.org/abs/1801.04381, figure 4d; with squeeze and
/// excitation Tan and Le 2019, https://arxiv.org/abs/1905.11946, section 4.
/// </summary>
internal sealed class InvertedResiduals(MobileDesign design, MobileNames names)
{
    private readonly NetworkBuilder net = new();

    public Network Create(int classCount)
    {
        var x = Activate(Unit(names.Stem, net.Images, design.Stem, 3, stride: 2));
        var place = 0;
        for (var stage = 0; stage < design.Stages.Count; stage++)
        {
            for (var block = 0; block < design.Stages[stage].Repeats; block++)
            {
                x = Block(names.Block(stage, block, place++, design), x, design.Stages[stage], isFirst: block == 0);
            }
        }
        x = Activate(Unit(names.Head(design), x, design.Head, 1));
        var features = net.GlobalAveragePool(x);
        return net.Build(features, net.Linear(names.Classifier, features, classCount));
    }

    private Value Block(MobileBlockNames block, Value x, MobileStage stage, bool isFirst)
    {
        net.Block(block.Name);
        var stride = isFirst ? stage.Stride : 1;
        var width = stage.Expansion * x.Channels;
        var y = stage.Expansion == 1 ? x : Activate(Unit(block.Expand, x, width, 1));
        y = Activate(Unit(block.Depthwise, y, width, stage.Kernel, stride, groups: width));
        if (design.Squeezes)
        {
            y = SqueezeAndExcite(block, y, x.Channels / 4);
        }
        y = Unit(block.Project, y, stage.Outputs, 1);
        return stride == 1 && x.Channels == stage.Outputs ? net.Sum(y, x) : y;
    }

    // Hu et al. 2017, https://arxiv.org/abs/1709.01507, figure 2; as many channels in between as a quarter of the block's
    // input, not of what it expands that to.
    private Value SqueezeAndExcite(MobileBlockNames block, Value x, int squeezed)
    {
        var y = net.Add(new GlobalAveragePool(x, keepsImage: true));
        y = Activate(net.Convolution(block.Squeeze, y, squeezed, 1, bias: true));
        y = net.Convolution(block.Excite, y, x.Channels, 1, bias: true);
        return net.Add(new Product(x, net.Add(new Activation(ActivationKind.Sigmoid, y))));
    }

    private Value Unit(UnitNames unit, Value x, int outputs, int kernel, int stride = 1, int groups = 1)
    {
        var padding = design.PadsSame ? Padding.Same : kernel / 2;
        return net.BatchNorm(
            unit.Norm, net.Convolution(unit.Convolution, x, outputs, kernel, stride, padding, groups), design.Epsilon);
    }

    private Value Activate(Value x) => net.Add(new Activation(design.Activation, x));
}
