using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>
/// What is added to the scores of a rolled map's windows, [windows, 1, side², side²]: −100 between tokens that only the
/// rolling brought together. Never taken from a file, though files hold it. Source: torchvision 0.14.1,
/// models/swin_transformer.py, <c>shifted_window_attention</c>.
/// </summary>
internal sealed class ShiftMask(Value map, Windows windows) : Operation(map)
{
    private const float Apart = -100;

    public override int Channels => 1;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var (height, width) = (x[0].shape[1], x[0].shape[2]);
        return weights.Once($"mask {height} {width} {windows}", () =>
        {
            var regions = weights.Indexes(Regions(height, width)).reshape(-1, 1, windows.Tokens);
            return regions.unsqueeze(3).ne(regions.unsqueeze(2)).to(x[0].dtype).mul(Apart);
        });
    }

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var n = new OnnxIntegers(graph);
        var (rows, columns) = (new WindowAxis(n, x[0], 1, windows), new WindowAxis(n, x[0], 2, windows));
        var (one, side) = (n.Constant(1), n.Constant(windows.Side));
        var row = n.Reshape(rows.Regions(windows.Side), n.Join(rows.Windows, one, side, one));
        var column = n.Reshape(columns.Regions(windows.Side), n.Join(one, columns.Windows, one, side));
        var regions = n.Add(n.Multiply(row, n.Constant(3)), column);
        var together = graph.Add("Equal",
        [
            n.Reshape(regions, n.Constant(-1, 1, windows.Tokens, 1)),
            n.Reshape(regions, n.Constant(-1, 1, 1, windows.Tokens)),
        ]);
        return graph.Add("Where", [together, graph.Constant(0f), graph.Constant(Apart)]);
    }

    private long[] Regions(long height, long width)
    {
        var (down, right) = (windows.Padded(height), windows.Padded(width));
        var across = right / windows.Side;
        var regions = new long[down * right];
        for (var i = 0; i < regions.Length; i++)
        {
            var (window, token) = (i / windows.Tokens, i % windows.Tokens);
            var y = (window / across * windows.Side) + (token / windows.Side);
            var x = (window % across * windows.Side) + (token % windows.Side);
            regions[i] = (3 * Region(y, down, windows.ShiftOf(height))) + Region(x, right, windows.ShiftOf(width));
        }
        return regions;
    }

    private long Region(long place, long length, long shift) =>
        place < length - windows.Side ? 0 : place < length - shift ? 1 : 2;
}
