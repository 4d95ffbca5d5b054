using System.Runtime.CompilerServices;
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
    /// Resizes four rows of pixels, which share the weights and may be the same one. Up to 16 bytes behind a row are
    /// read, and one behind a result is written.
    /// </summary>
    public static void Horizontal(Rows source, ResampleTable table, Rows resized)
    {
        fixed (int* starts = table.Starts, lengths = table.Lengths)
        fixed (short* lows = table.Low, highs = table.High)
        {
            var (row0, row1, row2, row3) = source;
            var (resized0, resized1, resized2, resized3) = resized;
            var (count, stride) = (table.Count, table.Stride);
            for (var x = 0; x < count; x++)
            {
                var (low0, low1, low2, low3) = (Zero, Zero, Zero, Zero);
                var (high0, high1, high2, high3) = (Zero, Zero, Zero, Zero);
                var weight = x * (long)stride;
                var end = weight + lengths[x];
                var pixel = 3 * (long)starts[x];
                for (; weight < end; weight += ResampleTable.Group, pixel += 3 * ResampleTable.Group)
                {
                    var low = FourWeights(lows + weight);
                    var high = FourWeights(highs + weight);
                    var four = FourPixels(row0 + pixel);
                    low0 += Avx2.MultiplyAddAdjacent(four, low);
                    high0 += Avx2.MultiplyAddAdjacent(four, high);
                    four = FourPixels(row1 + pixel);
                    low1 += Avx2.MultiplyAddAdjacent(four, low);
                    high1 += Avx2.MultiplyAddAdjacent(four, high);
                    four = FourPixels(row2 + pixel);
                    low2 += Avx2.MultiplyAddAdjacent(four, low);
                    high2 += Avx2.MultiplyAddAdjacent(four, high);
                    four = FourPixels(row3 + pixel);
                    low3 += Avx2.MultiplyAddAdjacent(four, low);
                    high3 += Avx2.MultiplyAddAdjacent(four, high);
                }
                var pixels = Clip(
                    Whole(low0, high0), Whole(low1, high1), Whole(low2, high2), Whole(low3, high3)).AsInt32();
                *(int*)(resized0 + (3 * x)) = pixels.GetElement(0);
                *(int*)(resized1 + (3 * x)) = pixels.GetElement(1);
                *(int*)(resized2 + (3 * x)) = pixels.GetElement(2);
                *(int*)(resized3 + (3 * x)) = pixels.GetElement(3);
            }
        }
    }

    /// <summary>
    /// Sums <see cref="Columns"/> bytes of a row of the result; see <see cref="ResampleScalar.Vertical"/>.
    /// </summary>
    public static void Vertical(byte* rows, int stride, short* lows, short* highs, int length, byte* result)
    {
        var (low0, low1, high0, high1) = (Zero, Zero, Zero, Zero);
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
        var sums0 = low0 + (high0 << ResampleTable.LowBits);
        var sums1 = low1 + (high1 << ResampleTable.LowBits);
        Clip(sums0.GetLower(), sums0.GetUpper(), sums1.GetLower(), sums1.GetUpper()).Store(result);
    }

    private static Vector256<int> Zero => Vector256<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> FourPixels(byte* pixels) =>
        Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(pixels), PairPixels).AsInt16();

    // Weights 0 and 1 four times, then 2 and 3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> FourWeights(short* weights) =>
        Avx2.PermuteVar8x32(Vector256.Create(*(long*)weights).AsInt32(), FirstPairThenSecond).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Whole(Vector256<int> low, Vector256<int> high)
    {
        var halves = low + (high << ResampleTable.LowBits);
        return halves.GetLower() + halves.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Clip(
        Vector128<int> sums0, Vector128<int> sums1, Vector128<int> sums2, Vector128<int> sums3) =>
        Sse2.PackUnsignedSaturate(
            Sse2.PackSignedSaturate(Round(sums0), Round(sums1)), Sse2.PackSignedSaturate(Round(sums2), Round(sums3)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Round(Vector128<int> sums) =>
        (sums + Vector128.Create(1 << (ResampleTable.Precision - 1))) >> ResampleTable.Precision;

    /// <summary>The beginnings of four rows.</summary>
    public readonly struct Rows(byte* row0, byte* row1, byte* row2, byte* row3)
    {
        public void Deconstruct(out byte* first, out byte* second, out byte* third, out byte* fourth)
        {
            first = row0;
            second = row1;
            third = row2;
            fourth = row3;
        }
    }
}
