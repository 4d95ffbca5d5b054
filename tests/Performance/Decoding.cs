using System.Diagnostics;
using System.Security.Cryptography;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Performance;

/// <summary>Decoding on one thread, files in memory, each file's best of rounds.</summary>
internal static class Decoding
{
    public static readonly EvalTransform ImageNet =
        new(256, EvalTransform.Bilinear, 224, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    /// <summary>Our decoding and eval transform: short side to 256, bilinear, centre crop of 224.</summary>
    public static Measured Transform(string folder, int rounds)
    {
        using var transformer = new ImageTransformer(ImageNet, OutputSize.Of(ImageNet, [], ""));
        var pixels = new byte[transformer.Output.ImageBytes];
        var (files, seconds) = Measure(folder, rounds, file => transformer.Apply(file, "image", pixels));
        var digests = files.Select(file =>
        {
            transformer.Apply(file, "image", pixels);
            return Convert.ToHexStringLower(SHA256.HashData(pixels));
        });
        return new Measured("transform", files.Length, seconds, Digests: [.. digests]);
    }

    /// <summary>The floor: libjpeg-turbo decoding the whole image, and nothing else.</summary>
    public static Measured BareJpeg(string folder, int rounds)
    {
        using var decoder = new JpegDecoder();
        var image = new RgbBuffer();
        var (files, seconds) = Measure(folder, rounds, file => decoder.Decode(file, "image", image));
        return new Measured("jpeg", files.Length, seconds);
    }

    // The sum of each file's best round: what else runs on the machine disturbs that least.
    private static (byte[][] Files, double Seconds) Measure(string folder, int rounds, Action<byte[]> work)
    {
        var files = Measurement.JpegFiles(folder).Select(File.ReadAllBytes).ToArray();
        var best = new double[files.Length];
        best.AsSpan().Fill(double.MaxValue);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < files.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                work(files[i]);
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
        return (files, best.Sum());
    }
}
