using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>Puts the class token before the others and adds each place's embedding: [N, T, C] to [N, T + 1, C].</summary>
/// <param name="token">Name of the class token, [1, 1, C].</param>
/// <param name="positions">Name of the embeddings, [1, T + 1, C]; null where there are none.</param>
/// <param name="x">The tokens.</param>
/// <param name="count">T.</param>
internal sealed class ClassTokenAndPositions(string token, string? positions, Value x, int count) : Layer(token, x)
{
    public override int Channels => Inputs[0].Channels;

    public override IReadOnlyList<ExpectedTensor> Expected { get; } = positions == null
        ? [new(token, [1, 1, x.Channels])]
        : [new(token, [1, 1, x.Channels]), new(positions, [1, count + 1, x.Channels])];

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var tokens = cat([weights.Get(Name).expand(x[0].shape[0], 1, Channels), x[0]], 1);
        return positions == null ? tokens : tokens.add_(weights.Get(positions));
    }

    // The class token is added to a token of zeros, so that no number of images needs to be known.
    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var padded = graph.Add("Pad", [x[0], graph.Constant([0, 1, 0, 0, 0, 0])]);
        var added = graph.Add("Pad", [graph.Weight(Name), graph.Constant([0, 0, 0, 0, count, 0])]);
        if (positions != null)
        {
            added = graph.Add("Add", [added, graph.Weight(positions)]);
        }
        return graph.Add("Add", [padded, added]);
    }
}
