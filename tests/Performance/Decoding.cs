using System.Diagnostics;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Performance;

/// <summary>Decoding on one thread, files in memory, each file's best of rounds.</summary>
internal static class Decoding
{
    private const int Rounds = 15;

    public static readonly EvalTransform ImageNet =
        new(256, EvalTransform.Bilinear, 224, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    /// <summary>Our decoding and eval transform: short side to 256, bilinear, centre crop of 224.</summary>
    public static void Transform(string folder)
    {
        using var transformer = new ImageTransformer(ImageNet, OutputSize.Of(ImageNet, [], ""));
        var pixels = new byte[transformer.Output.ImageBytes];
        Measure(folder, file => transformer.Apply(file, "image", pixels));
    }

    /// <summary>The floor: libjpeg-turbo decoding the whole image, and nothing else.</summary>
    public static void BareJpeg(string folder)
    {
        using var decoder = new JpegDecoder();
        var image = new RgbBuffer();
        Measure(folder, file => decoder.Decode(file, "image", image));
    }

    // The sum of each file's best round: what else runs on the machine disturbs that least.
    private static void Measure(string folder, Action<byte[]> work)
    {
        var files = Measurement.JpegFiles(folder).Select(File.ReadAllBytes).ToArray();
        var best = new double[files.Length];
        best.AsSpan().Fill(double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < files.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                work(files[i]);
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
        Measurement.Print(files.Length, best.Sum());
    }
}
