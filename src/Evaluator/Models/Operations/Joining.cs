using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>The sum of two values of one shape.</summary>
internal sealed class Sum(Value a, Value b) : Operation(a, b)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => x[0].add(x[1]);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) => graph.Add("Add", x);
}

/// <summary>Images behind one another along the channels' axis.</summary>
internal sealed class Concatenation(params Value[] parts) : Operation(parts)
{
    public override int Channels => Inputs.Sum(part => part.Channels);

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => cat([.. x], 1);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) => graph.Add("Concat", x, ("axis", 1L));
}
