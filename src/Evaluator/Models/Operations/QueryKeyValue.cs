using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>
/// The queries, keys and values of self-attention beside each other, [..., C] to [..., 3C], from one matrix.
/// </summary>
/// <param name="name">What its tensors' names begin with.</param>
/// <param name="x">The tokens.</param>
/// <param name="weight">Name of the matrix, [3C, C].</param>
/// <param name="biases">Name of the bias, [3C], or of the queries' and the values', [C] each: keys then have none.</param>
internal sealed class QueryKeyValue(string name, Value x, string weight, params string[] biases) : Layer(name, x)
{
    public override int Channels => 3 * Inputs[0].Channels;

    public override IReadOnlyList<ExpectedTensor> Expected { get; } =
    [
        .. biases.Select(bias => new ExpectedTensor(bias, [(biases.Length == 1 ? 3 : 1) * x.Channels])),
        new(weight, [3 * x.Channels, x.Channels]),
    ];

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var bias = biases.Length == 1
            ? weights.Get(biases[0])
            : cat([weights.Get(biases[0]), zeros_like(weights.Get(biases[0])), weights.Get(biases[1])]);
        return functional.linear(x[0], weights.Get(weight), bias);
    }

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var bias = graph.Weight(biases[0]);
        if (biases.Length > 1)
        {
            var padded = graph.Add("Pad", [bias, graph.Constant([0, Inputs[0].Channels])]);
            bias = graph.Add("Concat", [padded, graph.Weight(biases[1])], ("axis", 0L));
        }
        return graph.Add("Add", [graph.Product(x[0], weight), bias]);
    }
}
