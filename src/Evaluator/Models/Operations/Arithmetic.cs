using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>The product of two values, number by number; the second may be one pixel for the whole image.</summary>
internal sealed class Product(Value a, Value b) : Operation(a, b)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => x[0].mul(x[1]);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) => graph.Add("Mul", x);
}

/// <summary>Each number times a constant.</summary>
internal sealed class Scaling(Value x, float factor) : Operation(x)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => x[0].mul(factor);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) =>
        graph.Add("Mul", [x[0], graph.Constant(factor)]);
}
