using System.Globalization;
using System.Text.RegularExpressions;
using Leaderboard.Evaluator.Checkpoints;

namespace Leaderboard.Evaluator.Models.Recognising;

/// <summary>
/// Matches layers that strangers named in their own way, by their sequence. Blocks must be readable from the names
/// (<c>stage_1.0</c>, <c>layers.2.1</c>), so that a layer never crosses into another block: a network that normalises
/// before its convolutions has the same tensors in the same order, and another function. Within a block kinds and
/// shapes must agree one to one, in an order that the names or the file tell.
/// </summary>
internal static partial class SequenceMatch
{
    private const int MaxBlockDepth = 4;

    /// <summary>The file's tensors by the network's names; null if they do not fit.</summary>
    public static SequenceFit? Find(Network network, IReadOnlyList<FileLayer> layers, bool isInDefinitionOrder)
    {
        if (layers.Count != network.Layers.Count)
        {
            return null;
        }
        for (var depth = 1; depth <= MaxBlockDepth; depth++)
        {
            if (FileBlocks(layers, depth, network.Blocks.Count) is { } blocks
                && MatchAll(network, layers, blocks, isInDefinitionOrder) is { } fit)
            {
                return fit;
            }
        }
        return null;
    }

    // The first `depth` parts of a layer's name are its block's, if that gives as many blocks as the network has, and
    // they differ in their numbers alone.
    private static List<string>? FileBlocks(IReadOnlyList<FileLayer> layers, int depth, int count)
    {
        var blocks = layers.Select(layer => BlockOf(layer.Name, depth)).OfType<string>().Distinct().ToList();
        var templates = blocks.Select(block => Number().Replace(block, "#")).Distinct().Count();
        return blocks.Count == count && templates == 1
            ? [.. blocks.OrderBy(NumbersOf, NumbersInOrder)]
            : null;
    }

    private static string? BlockOf(string layer, int depth)
    {
        var parts = layer.Split('.');
        var block = string.Join('.', parts.Take(depth));
        return parts.Length > depth && Number().IsMatch(block) ? block : null;
    }

    private static SequenceFit? MatchAll(
        Network network, IReadOnlyList<FileLayer> layers, List<string> blocks, bool isInDefinitionOrder)
    {
        var depth = blocks[0].Split('.').Length;
        var fit = new SequenceFit([], []);
        var byBlock = layers.ToLookup(layer => BlockOf(layer.Name, depth) ?? "");
        var expectedByBlock = network.Layers.ToLookup(layer => network.Blocks.FirstOrDefault(
            block => layer.Name.StartsWith(block + '.', StringComparison.Ordinal)) ?? "");

        var groups = network.Blocks.Zip(blocks).Append(("", ""));
        foreach (var (expected, found) in groups)
        {
            if (!BlockMatch.Match(
                [.. expectedByBlock[expected]], [.. byBlock[found]], isInDefinitionOrder, fit.Entries))
            {
                return null;
            }
            fit.BlockConvolutions.AddRange(byBlock[found]
                .Where(layer => found != "" && layer.Kind == LayerKind.Convolution)
                .Select(layer => layer.Name));
        }
        return fit;
    }

    private static List<long> NumbersOf(string block) =>
    [
        .. Number().Matches(block).Select(
            match => long.TryParse(match.Value, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue),
    ];

    private static readonly Comparer<List<long>> NumbersInOrder = Comparer<List<long>>.Create((a, b) =>
    {
        var first = a.Zip(b).FirstOrDefault(pair => pair.First != pair.Second);
        return first.First.CompareTo(first.Second);
    });

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}

/// <summary>What <see cref="SequenceMatch"/> found.</summary>
/// <param name="Entries">Tensors of the file by the name of the network's tensor that they fill.</param>
/// <param name="BlockConvolutions">What the file calls the convolutions in its blocks.</param>
internal sealed record SequenceFit(Dictionary<string, StateEntry> Entries, List<string> BlockConvolutions);
