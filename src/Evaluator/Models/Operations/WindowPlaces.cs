using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>
/// Which token of a map, [N, H, W, C], stands at each place of its windows: [windows·side²]. H·W stands for padding.
/// </summary>
internal sealed class PlacesInMap(Value map, Windows windows) : Operation(map)
{
    public override int Channels => 1;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var (height, width) = (x[0].shape[1], x[0].shape[2]);
        return weights.Once($"in map {height} {width} {windows}", () => weights.Indexes(Places(height, width)));
    }

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var n = new OnnxIntegers(graph);
        var (rows, columns) = (new WindowAxis(n, x[0], 1, windows), new WindowAxis(n, x[0], 2, windows));
        var side = n.Constant(windows.Side);
        // [windows down, 1, side, 1] and [1, windows right, 1, side].
        var row = n.Reshape(rows.Sources(), n.Join(rows.Windows, n.Constant(1), side, n.Constant(1)));
        var column = n.Reshape(columns.Sources(), n.Join(n.Constant(1), columns.Windows, n.Constant(1), side));
        var place = n.Add(n.Multiply(row, columns.Length), column);
        if (windows.Pads)
        {
            var isInside = graph.Add("And", [n.IsLess(row, rows.Length), n.IsLess(column, columns.Length)]);
            place = n.Choose(isInside, place, n.Multiply(rows.Length, columns.Length));
        }
        return n.Reshape(place, n.Constant(-1));
    }

    private long[] Places(long height, long width)
    {
        var (down, right) = (windows.Padded(height), windows.Padded(width));
        var places = new long[down * right];
        for (var i = 0; i < places.Length; i++)
        {
            var (window, token) = (i / windows.Tokens, i % windows.Tokens);
            var across = right / windows.Side;
            var y = (window / across * windows.Side) + (token / windows.Side);
            var x = (window % across * windows.Side) + (token % windows.Side);
            (y, x) = ((y + windows.ShiftOf(height)) % down, (x + windows.ShiftOf(width)) % right);
            places[i] = y < height && x < width ? (y * width) + x : height * width;
        }
        return places;
    }
}

/// <summary>At which place of its windows each token of a map, [N, H, W, C], stands: [H·W].</summary>
internal sealed class PlacesInWindows(Value map, Windows windows) : Operation(map)
{
    public override int Channels => 1;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var (height, width) = (x[0].shape[1], x[0].shape[2]);
        return weights.Once($"in windows {height} {width} {windows}", () => weights.Indexes(Places(height, width)));
    }

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var n = new OnnxIntegers(graph);
        var (rows, columns) = (new WindowAxis(n, x[0], 1, windows), new WindowAxis(n, x[0], 2, windows));
        var (side, tokens) = (n.Constant(windows.Side), n.Constant(windows.Tokens));
        var (y, right) = (rows.Targets(), columns.Targets());
        var row = n.Add(
            n.Multiply(n.Divide(y, side), n.Multiply(columns.Windows, tokens)), n.Multiply(n.Modulo(y, side), side));
        var column = n.Add(n.Multiply(n.Divide(right, side), tokens), n.Modulo(right, side));
        var place = n.Add(n.Reshape(row, n.Constant(-1, 1)), n.Reshape(column, n.Constant(1, -1)));
        return n.Reshape(place, n.Constant(-1));
    }

    private long[] Places(long height, long width)
    {
        var (down, right) = (windows.Padded(height), windows.Padded(width));
        var places = new long[height * width];
        for (var i = 0; i < places.Length; i++)
        {
            var y = ((i / width) - windows.ShiftOf(height) + down) % down;
            var x = ((i % width) - windows.ShiftOf(width) + right) % right;
            var window = (y / windows.Side * (right / windows.Side)) + (x / windows.Side);
            places[i] = (window * windows.Tokens) + (y % windows.Side * windows.Side) + (x % windows.Side);
        }
        return places;
    }
}

/// <summary>One axis of a map, cut into windows, as a graph computes it.</summary>
internal sealed class WindowAxis
{
    private readonly OnnxIntegers n;
    private readonly string padded;
    private readonly string shift;

    public WindowAxis(OnnxIntegers n, string map, long axis, Windows windows)
    {
        this.n = n;
        var side = n.Constant(windows.Side);
        Length = n.Size(map, axis);
        Windows = n.Divide(n.Add(Length, n.Constant(windows.Side - 1)), side);
        padded = n.Multiply(Windows, side);
        shift = n.Choose(n.IsLess(side, padded), n.Constant(windows.Shift), n.Constant(0));
    }

    /// <summary>Tokens along the map, [1].</summary>
    public string Length { get; }

    /// <summary>Windows along the map, [1].</summary>
    public string Windows { get; }

    /// <summary>Where in the map each place of the rolled map comes from; beyond its end for padding.</summary>
    public string Sources() => n.Modulo(n.Add(n.Range(padded), shift), padded);

    /// <summary>Where each place of the map goes to in the rolled map.</summary>
    public string Targets() => n.Modulo(n.Subtract(n.Range(Length), shift), padded);

    /// <summary>
    /// For each place of the rolled map 0, or 1 from the last window on, or 2 where it came from the other end.
    /// </summary>
    public string Regions(int side)
    {
        var places = n.Range(padded);
        var inner = n.IsLess(places, n.Subtract(padded, n.Constant(side)));
        var own = n.IsLess(places, n.Subtract(padded, shift));
        return n.Subtract(n.Constant(2), n.Add(n.Count(inner), n.Count(own)));
    }
}
