using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>How a Swin block cuts its map into windows.</summary>
/// <param name="Side">Side of a window.</param>
/// <param name="Shift">How far the map is rolled up and left before, along axes that are longer than a window.</param>
/// <param name="Pads">Whether zeros fill the map up to a multiple of <paramref name="Side"/>.</param>
internal readonly record struct Windows(int Side, int Shift, bool Pads)
{
    public int Tokens => Side * Side;

    /// <summary>A length filled up to a multiple of the window's.</summary>
    public long Padded(long length) => (length + Side - 1) / Side * Side;

    /// <summary>How far an axis of this length is rolled.</summary>
    public long ShiftOf(long length) => Padded(length) > Side ? Shift : 0;
}

/// <summary>
/// A map cut into windows, rows of windows first: [N, H, W, C] to [N·windows, side², C]. Padding, rolling and cutting are
/// one selection of tokens. Source: torchvision 0.14.1, models/swin_transformer.py, <c>shifted_window_attention</c>.
/// </summary>
internal sealed class ToWindows(Value map, Value places, Windows windows) : Operation(map, places)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var tokens = x[0].flatten(1, 2);
        // One token of zeros, behind the others, is what padding selects.
        tokens = windows.Pads ? functional.pad(tokens, [0, 0, 0, 1]) : tokens;
        return tokens.index_select(1, x[1]).reshape(-1, windows.Tokens, Channels);
    }

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var tokens = graph.Add("Reshape", [x[0], graph.Constant([0, -1, Channels])]);
        tokens = windows.Pads ? graph.Add("Pad", [tokens, graph.Constant([0, 0, 0, 0, 1, 0])]) : tokens;
        var selected = graph.Add("Gather", [tokens, x[1]], ("axis", 1L));
        return graph.Add("Reshape", [selected, graph.Constant([-1, windows.Tokens, Channels])]);
    }
}

/// <summary>Windows put together again: [N·windows, side², C] to the shape of the map that they were cut from.</summary>
internal sealed class FromWindows(Value x, Value places, Value map) : Operation(x, places, map)
{
    public override int Channels => Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) =>
        x[0].reshape(x[2].shape[0], -1, Channels).index_select(1, x[1]).reshape(x[2].shape);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var integers = new OnnxIntegers(graph);
        var shape = integers.Join(integers.Size(x[2], 0), integers.Constant(-1, Channels));
        var selected = graph.Add("Gather", [graph.Add("Reshape", [x[0], shape]), x[1]], ("axis", 1L));
        return graph.Add("Reshape", [selected, graph.Add("Shape", [x[2]])]);
    }
}

/// <summary>
/// Four neighbours as one token of four times the channels: [N, H, W, C] to [N, ⌈H/2⌉, ⌈W/2⌉, 4C], the upper left first,
/// then the lower left, the upper right, the lower right. A map of an odd side gets zeros below or at its right.
/// </summary>
internal sealed class Neighbours(Value map) : Operation(map)
{
    public override int Channels => 4 * Inputs[0].Channels;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights)
    {
        var padded = functional.pad(x[0], [0, 0, 0, x[0].shape[2] % 2, 0, x[0].shape[1] % 2]);
        var (all, even, odd) = (TensorIndex.Colon, TensorIndex.Slice(0, step: 2), TensorIndex.Slice(1, step: 2));
        return cat(
            [padded[all, even, even], padded[all, odd, even], padded[all, even, odd], padded[all, odd, odd]], -1);
    }

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var integers = new OnnxIntegers(graph);
        var odd = integers.Modulo(graph.Add("Shape", [x[0]]), integers.Constant(1, 2, 2, 1));
        var padded = graph.Add("Pad", [x[0], integers.Join(integers.Constant(0, 0, 0, 0), odd)]);
        return graph.Add(
            "Concat",
            [Part(graph, padded, 0, 0), Part(graph, padded, 1, 0), Part(graph, padded, 0, 1), Part(graph, padded, 1, 1)],
            ("axis", -1L));
    }

    private static string Part(OnnxGraph graph, string map, long down, long right) => graph.Add(
        "Slice",
        [
            map, graph.Constant([down, right]), graph.Constant([int.MaxValue, int.MaxValue]), graph.Constant([1, 2]),
            graph.Constant([2, 2]),
        ]);
}
