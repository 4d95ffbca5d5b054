using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>One convolution of a branch.</summary>
internal readonly record struct InceptionStep(int Outputs, Extent Kernel, int Stride, Padding Padding)
{
    /// <summary>The image keeps its size.</summary>
    public static InceptionStep Same(int outputs, int kernel) => new(outputs, kernel, 1, kernel / 2);

    /// <summary>A kernel of one row.</summary>
    public static InceptionStep Row(int outputs, int length) =>
        new(outputs, new Extent(1, length), 1, new Extent(0, length / 2));

    /// <summary>A kernel of one column.</summary>
    public static InceptionStep Column(int outputs, int length) =>
        new(outputs, new Extent(length, 1), 1, new Extent(length / 2, 0));

    /// <summary>A 3×3 kernel without padding.</summary>
    public static InceptionStep Valid(int outputs, int stride = 1) => new(outputs, 3, stride, 0);
}

/// <summary>What Inception-v4 and Inception-ResNet-v2 are put together of.</summary>
internal static class InceptionUnits
{
    private const double TensorFlowEpsilon = 1e-3;

    /// <summary>A convolution, its batch norm and ReLU.</summary>
    public static Value Unit(this NetworkBuilder net, string name, Value x, InceptionStep step)
    {
        var y = net.Convolution($"{name}.conv", x, step.Outputs, step.Kernel, step.Stride, step.Padding);
        return net.Relu(net.BatchNorm($"{name}.bn", y, TensorFlowEpsilon));
    }

    /// <summary>Units one behind the other, called by their place.</summary>
    public static Value Branch(this NetworkBuilder net, string name, Value x, params InceptionStep[] steps)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            x = net.Unit($"{name}.{i}", x, steps[i]);
        }
        return x;
    }

    /// <summary>An average pool, at the borders over the image alone, and a 1×1 convolution.</summary>
    public static Value PoolBranch(this NetworkBuilder net, string name, Value x, int outputs) =>
        net.Unit($"{name}.1", net.AveragePool(x, kernel: 3, stride: 1, padding: 1), InceptionStep.Same(outputs, 1));

    public static Value HalvingMaxPool(this NetworkBuilder net, Value x) => net.MaxPool(x, kernel: 3, stride: 2);
}
