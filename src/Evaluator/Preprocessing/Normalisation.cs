using System.Runtime.Intrinsics;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>
/// Turns 8-bit RGB pixels into the float32 numbers of torchvision's <c>ToTensor</c> and <c>Normalize</c>, bit for bit:
/// x over 255, minus mean, over std, each rounded to float32.
/// </summary>
internal sealed class Normalisation(EvalTransform transform)
{
    private readonly bool sharesNumbers = transform.Mean.Distinct().Count() == 1 && transform.Std.Distinct().Count() == 1;
    private readonly float[] mean = [.. transform.Mean.Select(value => (float)value)];
    private readonly float[] std = [.. transform.Std.Select(value => (float)value)];

    /// <summary>Writes all reds of the image, then all greens, then all blues (the layout NCHW of PyTorch).</summary>
    public void ToPlanes(ReadOnlySpan<byte> pixels, Span<float> destination)
    {
        var plane = pixels.Length / 3;
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, 3 * plane);
        for (var channel = 0; channel < 3; channel++)
        {
            var target = destination.Slice(channel * plane, plane);
            var (means, stds) = (Vector256.Create(mean[channel]), Vector256.Create(std[channel]));

            // Eight pixels a step, four in each half: byte 3·i + channel becomes integer i, an index of 255 a zero.
            var (a, b, c, d) = ((byte)channel, (byte)(channel + 3), (byte)(channel + 6), (byte)(channel + 9));
            var places = Vector128.Create(
                a, 255, 255, 255, b, 255, 255, 255, c, 255, 255, 255, d, 255, 255, 255);
            var i = 0;
            for (; (3 * i) + 12 + Vector128<byte>.Count <= pixels.Length; i += 8)
            {
                var low = Vector128.ShuffleNative(Vector128.Create(pixels[(3 * i)..]), places);
                var high = Vector128.ShuffleNative(Vector128.Create(pixels[((3 * i) + 12)..]), places);
                var scaled = Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32()) / 255f;
                ((scaled - means) / stds).CopyTo(target[i..]);
            }
            for (; i < plane; i++)
            {
                target[i] = Normalise(pixels[(3 * i) + channel], channel);
            }
        }
    }

    /// <summary>Writes red, green and blue of each pixel together (channels last, NHWC in memory).</summary>
    public void ToChannelsLast(ReadOnlySpan<byte> pixels, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, pixels.Length);

        // Three vectors of eight hold the pattern red, green, blue a whole number of times.
        Span<Vector256<float>> means = [Pattern(mean, 0), Pattern(mean, 8), Pattern(mean, 16)];
        Span<Vector256<float>> stds = [Pattern(std, 0), Pattern(std, 8), Pattern(std, 16)];
        var i = 0;
        for (; i + (3 * Vector256<float>.Count) <= pixels.Length; i += 3 * Vector256<float>.Count)
        {
            for (var part = 0; part < 3; part++)
            {
                var at = i + (part * Vector256<float>.Count);
                var bytes = Vector128.CreateScalar(BitConverter.ToUInt64(pixels[at..])).AsByte();
                var values = Vector256.WidenLower(Vector256.WidenLower(bytes.ToVector256()).GetLower().ToVector256());
                var scaled = Vector256.ConvertToSingle(values.AsInt32()) / 255f;
                ((scaled - means[part]) / stds[part]).CopyTo(destination[at..]);
            }
        }
        for (; i < pixels.Length; i++)
        {
            destination[i] = Normalise(pixels[i], i % 3);
        }
    }

    /// <summary>
    /// Writes one channel: the luma that Pillow's mode L and torchvision's <c>Grayscale</c> make of RGB (ITU-R 601-2,
    /// <c>Convert.c</c>: rgb2l), normalised by the one mean and std that all three channels must share.
    /// </summary>
    /// <exception cref="EvaluationFailedException">Mean or std differ between channels.</exception>
    public void ToLuma(ReadOnlySpan<byte> pixels, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(3 * destination.Length, pixels.Length);
        if (!sharesNumbers)
        {
            throw new EvaluationFailedException(
                FailureCodes.InputMismatch,
                "The network takes images of one channel, and mean and std of the eval transform differ between channels. "
                + "Declare an eval_transform with three equal means and stds.");
        }
        for (var i = 0; i < destination.Length; i++)
        {
            var (red, green, blue) = (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]);
            destination[i] = Normalise((byte)(((red * 19595) + (green * 38470) + (blue * 7471) + 0x8000) >> 16), 0);
        }
    }

    private float Normalise(byte value, int channel) => ((value / 255f) - mean[channel]) / std[channel];

    private static Vector256<float> Pattern(float[] channels, int from) => Vector256.Create(
        channels[from % 3], channels[(from + 1) % 3], channels[(from + 2) % 3], channels[from % 3],
        channels[(from + 1) % 3], channels[(from + 2) % 3], channels[from % 3], channels[(from + 1) % 3]);
}
