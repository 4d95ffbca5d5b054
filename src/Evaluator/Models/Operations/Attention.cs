using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>
/// Multi-head self-attention, softmax(q·kᵀ / √size + biases)·v for each head, without the projections around it:
/// [N, T, 3C] to [N, T, C]. Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, section 3.2.
/// </summary>
/// <param name="x">Queries, keys and values beside each other.</param>
/// <param name="heads">Number of heads.</param>
/// <param name="bias">Added to the scores, [1, heads, T, T]; null for nothing.</param>
/// <param name="mask">
/// Added to the scores of the groups that N is made of, [groups, 1, T, T], group by group; null for nothing.
/// </param>
internal sealed class Attention(Value x, int heads, Value? bias = null, Value? mask = null)
    : Operation([x, .. bias is { } b ? [b] : Array.Empty<Value>(), .. mask is { } m ? [m] : Array.Empty<Value>()])
{
    public override int Channels => Inputs[0].Channels / 3;

    private int HeadSize => Channels / heads;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var (count, tokens) = (x[0].shape[0], x[0].shape[1]);
        var split = x[0].reshape(count, tokens, 3, heads, HeadSize).permute(2, 0, 3, 1, 4);
        var added = bias == null ? null : x[1];
        if (mask != null)
        {
            var groups = x[2].shape[0];
            added = added!.add(x[2]).expand(count / groups, groups, heads, tokens, tokens)
                .reshape(count, heads, tokens, tokens);
        }
        return functional.scaled_dot_product_attention(split[0], split[1], split[2], added)
            .transpose(1, 2).reshape(count, tokens, Channels);
    }

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var size = graph.Constant([Channels, Channels, Channels]);
        var parts = graph.AddMany("Split", [x[0], size], 3, ("axis", -1L));
        var queries = graph.Add("Mul", [Heads(graph, parts[0], [0, 2, 1, 3]), graph.Constant(1 / MathF.Sqrt(HeadSize))]);
        var scores = graph.Add("MatMul", [queries, Heads(graph, parts[1], [0, 2, 3, 1])]);
        var weights = graph.Add("Softmax", [Biased(graph, scores, x)], ("axis", -1L));
        var answer = graph.Add("MatMul", [weights, Heads(graph, parts[2], [0, 2, 1, 3])]);
        var joined = graph.Add("Transpose", [answer], ("perm", new long[] { 0, 2, 1, 3 }));
        return graph.Add("Reshape", [joined, graph.Constant([0, 0, Channels])]);
    }

    private string Heads(OnnxGraph graph, string part, long[] order) => graph.Heads(part, 0, heads, HeadSize, order);

    private string Biased(OnnxGraph graph, string scores, IReadOnlyList<string> x)
    {
        if (bias == null)
        {
            return scores;
        }
        if (mask == null)
        {
            return graph.Add("Add", [scores, x[1]]);
        }
        // [N, heads, T, T] as [N / groups, groups, heads, T, T] and back.
        var added = graph.Add("Add", [x[1], x[2]]);
        var before = graph.Add("Shape", [scores]);
        var grouped = graph.Add("Concat", [graph.Constant([-1]), graph.Add("Shape", [added])], ("axis", 0L));
        var sum = graph.Add("Add", [graph.Add("Reshape", [scores, grouped]), added]);
        return graph.Add("Reshape", [sum, before]);
    }
}
