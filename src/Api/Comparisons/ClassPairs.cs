using System.Collections;
using System.Numerics;

namespace Leaderboard.Api.Comparisons;

/// <summary>
/// Pairs counted by class, for means over classes: of two evaluations' bits, a bit a sample in the manifest's order.
/// </summary>
internal sealed class ClassPairs
{
    private readonly int[] classOfSample;
    private readonly int[] counts;
    private readonly int[] right;
    private readonly int[] words;

    /// <param name="targets">The class of each sample.</param>
    /// <param name="correct">The samples that the one has right.</param>
    public ClassPairs(IReadOnlyList<int> targets, BitArray correct)
    {
        // Classes without samples count in no mean, so that the others are numbered without them.
        var numbers = targets.Distinct().Index().ToDictionary(target => target.Item, target => target.Index);
        classOfSample = [.. targets.Select(target => numbers[target])];
        counts = new int[numbers.Count];
        foreach (var number in classOfSample)
        {
            counts[number]++;
        }
        words = WordsOf(correct);
        right = new int[counts.Length];
        for (var word = 0; word < words.Length; word++)
        {
            Count(words[word], word, right);
        }
    }

    /// <summary>The classes that have samples, beside another evaluation on the same manifest.</summary>
    public IReadOnlyList<PairedCounts> With(BitArray other)
    {
        var (onlyA, onlyB) = (new int[counts.Length], new int[counts.Length]);
        var others = WordsOf(other);
        for (var word = 0; word < words.Length; word++)
        {
            Count(words[word] & ~others[word], word, onlyA);
            Count(~words[word] & others[word], word, onlyB);
        }
        return [.. counts.Select((count, number) => new PairedCounts(
            right[number] - onlyA[number], onlyA[number], onlyB[number], count))];
    }

    private void Count(int bits, int word, int[] byClass)
    {
        for (var left = (uint)bits; left != 0; left &= left - 1)
        {
            byClass[classOfSample[(word * 32) + BitOperations.TrailingZeroCount(left)]]++;
        }
    }

    // The bits behind the last sample are zero in both.
    private int[] WordsOf(BitArray bits)
    {
        if (bits.Length != classOfSample.Length)
        {
            throw new InvalidDataException($"{bits.Length} predictions are stored of {classOfSample.Length} samples.");
        }
        var copied = new int[(bits.Length + 31) / 32];
        bits.CopyTo(copied, 0);
        return copied;
    }
}
