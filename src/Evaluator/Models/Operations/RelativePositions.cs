using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>
/// For each pair of tokens of a square window the row of a table of biases that belongs to their distance, [T·T]. Never
/// taken from a file, though files hold it: the window's side gives it. Sources: microsoft/Swin-Transformer,
/// models/swin_transformer.py, <c>WindowAttention</c>; microsoft/unilm, beit/modeling_finetune.py, <c>Attention</c>.
/// </summary>
/// <param name="side">The window's side in tokens.</param>
/// <param name="hasClassToken">
/// Whether a class token stands before the window's. Three rows follow then: class to token, token to class, class to
/// class.
/// </param>
internal sealed class RelativePositions(int side, bool hasClassToken) : Operation
{
    public override int Channels => 1;

    /// <summary>Tokens of the window.</summary>
    public int Tokens => (side * side) + (hasClassToken ? 1 : 0);

    /// <summary>Rows of the table.</summary>
    public int Rows => ((2 * side) - 1) * ((2 * side) - 1) + (hasClassToken ? 3 : 0);

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) =>
        weights.Once($"positions {side} {hasClassToken}", () => weights.Indexes(Index()));

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) => graph.Constant(Index());

    private long[] Index()
    {
        var index = new long[Tokens * Tokens];
        var first = hasClassToken ? 1 : 0;
        for (var a = 0; a < Tokens; a++)
        {
            for (var b = 0; b < Tokens; b++)
            {
                index[(a * Tokens) + b] = a < first || b < first
                    ? (a < first ? (b < first ? Rows - 1 : Rows - 3) : Rows - 2)
                    : Row(a - first, b - first);
            }
        }
        return index;
    }

    private long Row(int a, int b)
    {
        var down = (a / side) - (b / side) + side - 1;
        var right = (a % side) - (b % side) + side - 1;
        return (down * ((2L * side) - 1)) + right;
    }
}

/// <summary>The biases of a table in the places where attention adds them, [1, heads, T, T].</summary>
/// <param name="name">What its tensors' names begin with.</param>
/// <param name="positions">The <see cref="RelativePositions"/>.</param>
/// <param name="size">Their description.</param>
/// <param name="heads">Number of heads.</param>
/// <param name="ignored">What files hold beside the table and this network computes itself.</param>
internal sealed class PositionBias(
    string name, Value positions, RelativePositions size, int heads, params IEnumerable<ExpectedTensor> ignored)
    : Layer(name, positions)
{
    private readonly string table = $"{name}.relative_position_bias_table";

    public override int Channels => heads;

    public override IReadOnlyList<ExpectedTensor> Expected { get; } =
        [new($"{name}.relative_position_bias_table", [size.Rows, heads]), .. ignored];

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => weights.Once(
        table,
        () => weights.Get(table).index_select(0, x[0])
            .reshape(1, size.Tokens, size.Tokens, heads).permute(0, 3, 1, 2).contiguous());

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var gathered = graph.Add("Gather", [graph.Weight(table), x[0]], ("axis", 0L));
        var shaped = graph.Add("Reshape", [gathered, graph.Constant([1, size.Tokens, size.Tokens, heads])]);
        return graph.Add("Transpose", [shaped], ("perm", new long[] { 0, 3, 1, 2 }));
    }
}
