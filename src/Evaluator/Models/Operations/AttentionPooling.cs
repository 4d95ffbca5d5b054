using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>
/// An image's mean and then its pixels as tokens, [N, C, H, W] to [N, 1 + HW, C], an embedding of each place added.
/// The number of places fixes the size of the image.
/// </summary>
/// <param name="module">What its tensor's name begins with.</param>
/// <param name="tensor">What it ends with.</param>
/// <param name="x">Images.</param>
/// <param name="places">Number of tokens.</param>
internal sealed class PooledTokens(string module, string tensor, Value x, int places) : Layer(module, x)
{
    public override int Channels => Inputs[0].Channels;

    public override IReadOnlyList<ExpectedTensor> Expected { get; } = [new($"{module}.{tensor}", [places, x.Channels])];

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var pixels = x[0].flatten(2).transpose(1, 2);
        var mean = pixels.mean([1], keepdim: true);
        return cat([mean, pixels], 1).add(weights.Get(Expected[0].Name));
    }

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var pixels = graph.Tokens(x[0], Channels);
        var mean = graph.Add("ReduceMean", [pixels, graph.Constant([1])], ("keepdims", 1L));
        var tokens = graph.Add("Concat", [mean, pixels], ("axis", 1L));
        return graph.Add("Add", [tokens, graph.Weight(Expected[0].Name)]);
    }
}

/// <summary>The first token of each image: [N, T, C] to [N, C].</summary>
internal sealed class FirstToken(Value x) : Operation(x)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => x[0].select(1, 0);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) =>
        graph.Add("Gather", [x[0], graph.Add("Constant", [], ("value_int", 0L))], ("axis", 1L));
}

/// <summary>
/// Multi-head attention of one query an image, Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, section 3.2:
/// softmax(q·kᵀ / √d)·v in each head, [N, C].
/// </summary>
/// <param name="query">[N, C].</param>
/// <param name="key">[N, T, C].</param>
/// <param name="value">[N, T, C].</param>
/// <param name="heads">Heads that the channels are divided among.</param>
internal sealed class SingleQueryAttention(Value query, Value key, Value value, int heads) : Operation(query, key, value)
{
    private readonly int width = query.Channels / heads;

    public override int Channels => Inputs[2].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var q = x[0].reshape(-1, 1, heads, width).transpose(1, 2);
        var k = x[1].unflatten(2, [heads, width]).permute(0, 2, 3, 1);
        var v = x[2].unflatten(2, [heads, width]).transpose(1, 2);
        return q.matmul(k).mul(Scale).softmax(-1).matmul(v).flatten(1);
    }

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var q = graph.Heads(x[0], 1, heads, width, [0, 2, 1, 3]);
        var k = graph.Heads(x[1], 0, heads, width, [0, 2, 3, 1]);
        var v = graph.Heads(x[2], 0, heads, width, [0, 2, 1, 3]);
        var scores = graph.Add("Mul", [graph.Add("MatMul", [q, k]), graph.Constant(Scale)]);
        var shares = graph.Add("Softmax", [scores], ("axis", -1L));
        return graph.Add("Flatten", [graph.Add("MatMul", [shares, v])], ("axis", 1L));
    }

    private float Scale => 1 / MathF.Sqrt(width);
}
