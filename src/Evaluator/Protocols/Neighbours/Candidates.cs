using System.Numerics;

namespace Leaderboard.Evaluator.Protocols.Neighbours;

/// <summary>
/// The train samples nearest to one query among those offered so far, by the float32 similarity; of equal ones those of
/// lower index, which are offered first.
/// </summary>
internal sealed class Candidates(int wanted)
{
    // A key sorts by falling similarity, then by rising index. Twice as many as wanted, so that sorting is rare.
    private readonly ulong[] keys = new ulong[2 * wanted];
    private int count;
    private float threshold = float.NegativeInfinity;

    /// <summary>The float32 similarity that whatever is not kept does not exceed; -∞ where everything is kept.</summary>
    public float Threshold => threshold;

    public void Clear() => (count, threshold) = (0, float.NegativeInfinity);

    /// <summary>Offers consecutive samples.</summary>
    /// <param name="similarities">Their similarities to the query.</param>
    /// <param name="first">Index of the first of them.</param>
    public void Offer(ReadOnlySpan<float> similarities, int first)
    {
        var i = 0;
        for (; i <= similarities.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            // After the first block hardly any sample passes, so eight are turned away at a time.
            if (Vector.GreaterThanAny(new Vector<float>(similarities[i..]), new Vector<float>(threshold)))
            {
                OfferEach(similarities.Slice(i, Vector<float>.Count), first + i);
            }
        }
        OfferEach(similarities[i..], first + i);
    }

    /// <summary>The indices of the kept samples, in no order that counts.</summary>
    public int[] Samples()
    {
        Trim();
        var samples = new int[count];
        for (var i = 0; i < count; i++)
        {
            samples[i] = (int)(uint)keys[i];
        }
        return samples;
    }

    private void OfferEach(ReadOnlySpan<float> similarities, int first)
    {
        for (var i = 0; i < similarities.Length; i++)
        {
            if (similarities[i] > threshold)
            {
                keys[count++] = ((ulong)Descending(similarities[i]) << 32) | (uint)(first + i);
                if (count == keys.Length)
                {
                    Trim();
                }
            }
        }
    }

    private void Trim()
    {
        if (count > wanted)
        {
            keys.AsSpan(0, count).Sort();
            count = wanted;
            threshold = Similarity((uint)(keys[wanted - 1] >> 32));
        }
    }

    // Floats sort as unsigned integers once the negative ones are turned round; the complement of that falls.
    private static uint Descending(float similarity)
    {
        var bits = BitConverter.SingleToUInt32Bits(similarity + 0f);
        return ~((bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000);
    }

    private static float Similarity(uint descending)
    {
        var ascending = ~descending;
        return BitConverter.UInt32BitsToSingle((ascending & 0x8000_0000) != 0 ? ascending & 0x7FFF_FFFF : ~ascending);
    }
}
