using Leaderboard.Evaluator.Models.Engines;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>What several operations write in ONNX in the same way.</summary>
internal static class OnnxIdioms
{
    /// <summary>Images as tokens, row by row: [N, C, H, W] to [N, H·W, C].</summary>
    public static string Tokens(this OnnxGraph graph, string images, long channels)
    {
        var flat = graph.Add("Reshape", [images, graph.Constant([0, channels, -1])]);
        return graph.Add("Transpose", [flat], ("perm", new long[] { 0, 2, 1 }));
    }

    /// <summary>
    /// The last axis times a weight, [outputs, inputs]. MatMul takes any number of leading axes, where Gemm takes one; the
    /// transposition is done once, at load.
    /// </summary>
    public static string Product(this OnnxGraph graph, string x, string weight)
    {
        var transposed = graph.Add("Transpose", [graph.Weight(weight)], ("perm", new long[] { 1, 0 }));
        return graph.Add("MatMul", [x, transposed]);
    }

    /// <summary>The channels of tokens, [N, T, C], divided among heads, the axes N, T, heads, size in another order.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">Tokens, or one a batch entry as [N, C].</param>
    /// <param name="tokens">T; 0 as <paramref name="x"/> has it.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="size">Channels of each.</param>
    /// <param name="order">Which axis stands at each place.</param>
    public static string Heads(this OnnxGraph graph, string x, long tokens, long heads, long size, long[] order)
    {
        var divided = graph.Add("Reshape", [x, graph.Constant([0, tokens, heads, size])]);
        return graph.Add("Transpose", [divided], ("perm", order));
    }
}
