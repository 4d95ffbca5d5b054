using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>What an activation does to each number.</summary>
internal enum ActivationKind
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>x · sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>x · Φ(x) by the error function, not its tanh approximation.</summary>
    Gelu,
}

/// <summary>A function of each number alone.</summary>
internal sealed class Activation(ActivationKind kind, Value x) : Operation(x)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => kind switch
    {
        ActivationKind.Relu => x[0].relu(),
        ActivationKind.Relu6 => functional.relu6(x[0]),
        ActivationKind.Sigmoid => x[0].sigmoid(),
        ActivationKind.Silu => functional.silu(x[0]),
        _ => functional.gelu(x[0]),
    };

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) => kind switch
    {
        ActivationKind.Relu => graph.Add("Relu", x),
        ActivationKind.Relu6 => graph.Add("Clip", [x[0], graph.Constant(0f), graph.Constant(6f)]),
        ActivationKind.Sigmoid => graph.Add("Sigmoid", x),
        ActivationKind.Silu => graph.Add("Mul", [x[0], graph.Add("Sigmoid", x)]),
        _ => graph.Add("Gelu", x),
    };
}
