using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>
/// The passes of <see cref="ResampleScalar"/> by AVX2, equal to the byte. A weight has up to 24 bits and AVX2
/// multiplies 16-bit numbers fast, so low and high parts are summed apart: the sum of a·w is the sum of a·low plus the
/// sum of a·high times 2^15, and as integers wrap alike, an overflow of a part does no harm to the whole.
/// </summary>
internal static unsafe class ResampleAvx2
{
    /// <summary>Bytes before which the vertical pass needs no scalar rest.</summary>
    public const int Columns = 16;

    // Four pixels a step, two in each half: 16-bit red red green green blue blue, then nothing.
    private static readonly Vector256<byte> PairPixels = Vector256.Create(
        (byte)0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, 255,
        6, 255, 9, 255, 7, 255, 10, 255, 8, 255, 11, 255, 255, 255, 255, 255);

    private static readonly Vector256<int> FirstPairThenSecond = Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1);

    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>
    /// Resizes one row of pixels. Up to 16 bytes behind the row are read, and one behind the result is written.
    /// </summary>
    public static void Horizontal(byte* row, ResampleTable table, byte* resized)
    {
        ref var lowWeights = ref MemoryMarshal.GetArrayDataReference(table.Low);
        ref var highWeights = ref MemoryMarshal.GetArrayDataReference(table.High);
        fixed (short* lows = &lowWeights, highs = &highWeights)
        {
            for (var x = 0; x < table.Count; x++)
            {
                var pixels = row + (3 * table.Starts[x]);
                var at = x * table.Stride;
                var end = at + table.Lengths[x];
                var low = Vector256<int>.Zero;
                var high = Vector256<int>.Zero;
                for (; at < end; at += ResampleTable.Group, pixels += 3 * ResampleTable.Group)
                {
                    var four = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(pixels), PairPixels).AsInt16();
                    low += Avx2.MultiplyAddAdjacent(four, FourWeights(lows + at));
                    high += Avx2.MultiplyAddAdjacent(four, FourWeights(highs + at));
                }
                var sums = low + (high << ResampleTable.LowBits);
                var sum = sums.GetLower() + sums.GetUpper();
                *(int*)(resized + (3 * x)) = Clip(sum, sum).AsInt32().ToScalar();
            }
        }
    }

    /// <summary>Sums <see cref="Columns"/> bytes of a row of the result; see <see cref="ResampleScalar.Vertical"/>.</summary>
    public static void Vertical(byte* rows, int stride, short* lows, short* highs, int length, byte* result)
    {
        var (low0, low1, high0, high1) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        for (var i = 0; i < length; i += 2, rows += 2 * (long)stride)
        {
            // Without a second row its weight is zero, so any row will do.
            var first = Vector128.Load(rows);
            var second = Vector128.Load(i + 1 < length ? rows + stride : rows);
            var left = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(first, second));
            var right = Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(first, second));
            var low = Vector256.Create(*(int*)(lows + i)).AsInt16();
            var high = Vector256.Create(*(int*)(highs + i)).AsInt16();
            low0 += Avx2.MultiplyAddAdjacent(left, low);
            low1 += Avx2.MultiplyAddAdjacent(right, low);
            high0 += Avx2.MultiplyAddAdjacent(left, high);
            high1 += Avx2.MultiplyAddAdjacent(right, high);
        }
        var sum0 = low0 + (high0 << ResampleTable.LowBits);
        var sum1 = low1 + (high1 << ResampleTable.LowBits);
        var bytes0 = Clip(sum0.GetLower(), sum0.GetUpper()).AsUInt64();
        var bytes1 = Clip(sum1.GetLower(), sum1.GetUpper()).AsUInt64();
        Vector128.Create(bytes0.ToScalar(), bytes1.ToScalar()).AsByte().Store(result);
    }

    // Weights 0 and 1 four times, then 2 and 3.
    private static Vector256<short> FourWeights(short* weights) =>
        Avx2.PermuteVar8x32(Vector256.Create(*(long*)weights).AsInt32(), FirstPairThenSecond).AsInt16();

    private static Vector128<byte> Clip(Vector128<int> sums0, Vector128<int> sums1)
    {
        var half = Vector128.Create(1 << (ResampleTable.Precision - 1));
        var words = Sse2.PackSignedSaturate(
            (sums0 + half) >> ResampleTable.Precision, (sums1 + half) >> ResampleTable.Precision);
        return Sse2.PackUnsignedSaturate(words, words);
    }
}
