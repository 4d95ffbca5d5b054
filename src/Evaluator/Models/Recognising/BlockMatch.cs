using System.Text.RegularExpressions;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Recognising;

/// <summary>Matches the layers of one block of a network with those of one block of a file.</summary>
internal static partial class BlockMatch
{
    private static readonly string[] ShortcutWords = ["downsample", "shortcut", "proj", "skip", "identity"];

    /// <summary>Adds what fits to <paramref name="entries"/>; false if it does not fit, or in two ways.</summary>
    public static bool Match(
        List<Layer> expected, List<FileLayer> found, bool isInDefinitionOrder, Dictionary<string, StateEntry> entries)
    {
        if (expected.Count != found.Count || (isInDefinitionOrder && NormalisesFirst(found)))
        {
            return false;
        }
        foreach (var kind in Enum.GetValues<LayerKind>())
        {
            var wanted = expected.Where(layer => KindOf(layer) == kind).ToList();
            var given = found.Where(layer => layer.Kind == kind).ToList();
            if (wanted.Count != given.Count || Order(wanted, given, isInDefinitionOrder) is not { } ordered
                || !wanted.Zip(ordered).All(pair => Assign(pair.First, pair.Second, entries)))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether a layer's name says that it lies on a block's shortcut.</summary>
    public static bool IsShortcut(string name) => name.Split('.').Any(part => ShortcutWords.Any(
        word => part.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static LayerKind KindOf(Layer layer) => layer switch
    {
        Convolution => LayerKind.Convolution,
        BatchNorm => LayerKind.BatchNorm,
        _ => LayerKind.Linear,
    };

    // A file that defines a norm before the first convolution of its block is of a network that runs them so.
    private static bool NormalisesFirst(List<FileLayer> block) =>
        block.MinBy(layer => layer.Place) is { Kind: LayerKind.BatchNorm };

    // Shapes that are all different say which is which; otherwise the shortcut's layers are told by their names and
    // stand last, and the others are in the order of the numbers or letters that they end with, or of their definition.
    private static List<FileLayer>? Order(List<Layer> wanted, List<FileLayer> given, bool isInDefinitionOrder)
    {
        var shapes = wanted.ConvertAll(layer => layer.Expected[0].Shape);
        if (shapes.Select(shape => string.Join(',', shape)).Distinct().Count() == shapes.Count)
        {
            var byShape = shapes
                .Select(shape => given.FirstOrDefault(layer => layer.WeightShape.SequenceEqual(shape)))
                .OfType<FileLayer>()
                .ToList();
            return byShape.Count == given.Count ? byShape : null;
        }
        var shortcuts = wanted.Count(layer => IsShortcut(layer.Name));
        var givenShortcuts = given.Where(layer => IsShortcut(layer.Name)).ToList();
        var body = given.Except(givenShortcuts).ToList();
        if (shortcuts != givenShortcuts.Count || shortcuts > 1)
        {
            return null;
        }
        var names = body.ConvertAll(layer => Last().Match(layer.Name));
        var areNumbered = names.All(name => name.Success)
            && names.Select(name => name.Groups["stem"].Value).Distinct().Count() == 1;
        if (areNumbered)
        {
            body = [.. body.OrderBy(layer => Last().Match(layer.Name).Groups["order"].Value, StringComparer.Ordinal)];
        }
        return areNumbered || isInDefinitionOrder || body.Count == 1 ? [.. body, .. givenShortcuts] : null;
    }

    private static bool Assign(Layer wanted, FileLayer given, Dictionary<string, StateEntry> entries)
    {
        var used = 0;
        foreach (var expected in wanted.Expected)
        {
            if (given.Tensors.TryGetValue(expected.Name[(wanted.Name.Length + 1)..], out var entry))
            {
                if (!Fit.Fits(expected, entry))
                {
                    return false;
                }
                entries[expected.Name] = entry;
                used++;
            }
            else if (!expected.IsOptional)
            {
                return false;
            }
        }
        return used == given.Tensors.Count;
    }

    // One digit or letter at the end: conv1, conv_2, bn_a, conv1x1_a.
    [GeneratedRegex("^(?<stem>.*?)_?(?<order>[0-9]|(?<=[_.])[a-z])$")]
    private static partial Regex Last();
}
