using System.Diagnostics;
using System.Globalization;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Performance;

/// <summary>
/// Measures on one thread, files in memory, each file's best of rounds: <c>decode FOLDER</c> our decoding and eval
/// transform (256, bilinear, 224), <c>jpeg FOLDER</c> bare libjpeg-turbo decoding of the whole images.
/// </summary>
internal static class Program
{
    private const int Rounds = 15;

    private static readonly EvalTransform ImageNet =
        new(256, EvalTransform.Bilinear, 224, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    private static int Main(string[] arguments)
    {
        if (arguments is not [("decode" or "jpeg") and var subject, var folder])
        {
            Console.Error.WriteLine("usage: Leaderboard.Performance decode|jpeg FOLDER");
            return 2;
        }
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path).ToUpperInvariant() is ".JPEG" or ".JPG")
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)
            .ToArray();
        var seconds = subject == "decode" ? DecodeAndTransform(files) : DecodeJpeg(files);
        var rate = files.Length / seconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"images": {{files.Length}}, "seconds": {{seconds:F6}}, "images_per_second": {{rate:F1}}}"""));
        return 0;
    }

    private static double DecodeAndTransform(byte[][] files)
    {
        using var transformer = new ImageTransformer(ImageNet, OutputSize.Of(ImageNet, [], ""));
        var pixels = new byte[transformer.Output.ImageBytes];
        return BestOfRounds(files, file => transformer.Apply(file, "image", pixels));
    }

    private static double DecodeJpeg(byte[][] files)
    {
        using var decoder = new JpegDecoder();
        var image = new RgbBuffer();
        return BestOfRounds(files, file => decoder.Decode(file, "image", image));
    }

    // The sum of each file's best round: what else runs on the machine disturbs that least.
    private static double BestOfRounds(byte[][] files, Action<byte[]> work)
    {
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
        return best.Sum();
    }
}
