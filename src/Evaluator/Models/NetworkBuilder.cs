using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models;

/// <summary>Writes a network down, operation by operation, as its reference's <c>forward</c> reads.</summary>
internal sealed class NetworkBuilder
{
    private readonly List<string> blocks = [];
    private readonly List<Operation> operations = [];

    /// <summary>Normalised float32 images [N, 3, H, W].</summary>
    public Value Images { get; } = new(0, 3);

    public Value Add(Operation operation)
    {
        operations.Add(operation);
        return new Value(operations.Count, operation.Channels);
    }

    /// <summary>Says that the layers whose names begin so are one of the network's repeated blocks.</summary>
    public void Block(string name) => blocks.Add(name);

    public Value Convolution(
        string name, Value x, int outputs, Extent kernel, int stride = 1, Padding padding = default, int groups = 1,
        bool bias = false) => Add(new Convolution(name, x, outputs, new Sweep(kernel, stride, padding, groups), bias));

    /// <param name="name">What its tensors' names begin with.</param>
    /// <param name="x">What it normalises.</param>
    /// <param name="epsilon">Added to the variance; PyTorch's default unless told.</param>
    public Value BatchNorm(string name, Value x, double epsilon = 1e-5) => Add(new BatchNorm(name, x, epsilon));

    public Value Linear(string name, Value x, int outputs, bool bias = true) => Add(new Linear(name, x, outputs, bias));

    public Value LayerNorm(string name, Value x, double epsilon) => Add(new LayerNorm(name, x, epsilon));

    /// <summary>Two fully connected layers with a GELU between them, on the last axis.</summary>
    /// <param name="first">What the first's tensors' names begin with.</param>
    /// <param name="second">What the second's tensors' names begin with.</param>
    /// <param name="x">Their input; their output is of its size.</param>
    /// <param name="hidden">Size of what is between them.</param>
    public Value Mlp(string first, string second, Value x, int hidden) =>
        Linear(second, Add(new Activation(ActivationKind.Gelu, Linear(first, x, hidden))), x.Channels);

    /// <summary>Patches of images as tokens: [N, C, H, W] to [N, H·W / patch², outputs].</summary>
    public Value Tokens(string name, Value x, int outputs, int patch) =>
        Add(new ImagesToTokens(Convolution(name, x, outputs, patch, stride: patch, bias: true)));

    /// <summary>[N, C, H, W] to [N, H, W, C].</summary>
    public Value ChannelsLast(Value x) => Add(new Permutation(x, [0, 2, 3, 1], x.Channels));

    /// <summary>[N, H, W, C] to [N, C, H, W].</summary>
    public Value ChannelsFirst(Value x) => Add(new Permutation(x, [0, 3, 1, 2], x.Channels));

    public Value Relu(Value x) => Add(new Activation(ActivationKind.Relu, x));

    public Value MaxPool(Value x, int kernel, int stride, int padding = 0, bool roundsUp = false) =>
        Add(new MaxPool(x, kernel, stride, padding, roundsUp));

    public Value AveragePool(Value x, int kernel, int stride, int padding = 0) =>
        Add(new AveragePool(x, kernel, stride, padding));

    public Value GlobalAveragePool(Value x) => Add(new GlobalAveragePool(x));

    public Value Sum(Value a, Value b) => Add(new Sum(a, b));

    public Value Concatenate(params Value[] parts) => Add(new Concatenation(parts));

    /// <param name="features">What the classifier computes on.</param>
    /// <param name="logits">What the classifier gives; null where there is none.</param>
    public Network Build(Value features, Value? logits) => new([.. operations], features, logits, [.. blocks]);
}
