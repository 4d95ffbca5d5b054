using System.Globalization;
using System.Security.Cryptography;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Preprocessing;

public sealed class RealImagesTests
{
    private static readonly RealDataGoldens Expected = Goldens.Read<RealDataGoldens>("realdata.json");

    /// <summary>What Pillow 9.4 refuses and is decoded here, each with the reason.</summary>
    private static readonly Dictionary<string, string> Lenient = new()
    {
        ["truncated_exif_dpi.jpg"] = "Pillow fails in reading the resolution from EXIF; the picture is whole.",
        ["jpeg_lossless_sel1-8bit.jpg"] = "libjpeg-turbo decodes lossless JPEG from version 3.0 on.",
        ["unknown_compression_method.png"] = "Pillow fails in unpacking the colour profile; the picture is whole.",
    };

    [Fact]
    public void All_ImageNet_images_are_transformed_to_the_bytes_of_torchvision()
    {
        var folder = RealData.At("images", "imagenet");
        var bilinear = Goldens.WholeImage with { Resize = 256, Crop = 224 };
        var bicubic = Goldens.WholeImage with { Resize = 224, Crop = 224, Interpolation = EvalTransform.Bicubic };

        Assert.Equal(125, Expected.Imagenet.Length);
        Assert.Equal(Expected.Imagenet.Select(image => image.Bilinear), Transform(folder, bilinear));
        Assert.Equal(Expected.Imagenet.Select(image => image.Bicubic), Transform(folder, bicubic));
    }

    [Theory]
    [InlineData("cifar10_jpg")]
    [InlineData("cifar10_png")]
    public void All_CIFAR_images_are_decoded_to_the_bytes_of_Pillow(string name)
    {
        var files = Directory.EnumerateFiles(RealData.At("images", name), "*.*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .ToList();
        using var decoder = new ImageDecoder();
        var image = new RgbBuffer();
        using var total = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            decoder.Decode(File.ReadAllBytes(file), file, image);
            total.AppendData(image.Pixels);
        }

        Assert.Equal(1000, files.Count);
        Assert.Equal(Expected.Folders[name], Convert.ToHexStringLower(total.GetHashAndReset()));
    }

    [Fact]
    public void Every_odd_image_has_the_outcome_of_Pillow()
    {
        using var decoder = new ImageDecoder();
        var image = new RgbBuffer();
        var wrong = new List<string>();
        var rows = File.ReadLines(RealData.At("odd_images", "index.csv")).Skip(1).Select(OddImage.Parse).ToList();
        foreach (var row in rows)
        {
            var file = File.ReadAllBytes(RealData.At("odd_images", row.File));
            try
            {
                decoder.Decode(file, row.File, image);
                var digest = Expected.OddImages.SingleOrDefault(golden => golden.File == row.File)?.Sha256;
                if (row.MeanRgb is null ? !Lenient.ContainsKey(row.File) : MeanRgb(image) != row.MeanRgb
                    || digest != Goldens.Sha256(image.Pixels))
                {
                    wrong.Add($"{row.File}: {MeanRgb(image)}, Pillow: {row.Outcome} {row.MeanRgb}");
                }
            }
            catch (EvaluationFailedException failure)
            {
                Assert.Equal(FailureCodes.ImageUnreadable, failure.Code);
                if (row.MeanRgb is not null)
                {
                    wrong.Add($"{failure.Message}, Pillow: {row.Outcome} {row.MeanRgb}");
                }
            }
        }

        Assert.Equal(48, rows.Count);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("reallybig.bmp", "3000000 × 2000000 pixels are over the limit of 178956970")]
    [InlineData("max_size.jpg", "Maximum supported image dimension is 65500 pixels")]
    public void A_decompression_bomb_is_refused_by_its_header(string name, string reason)
    {
        using var decoder = new ImageDecoder();
        var file = File.ReadAllBytes(RealData.At("odd_images", name));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var failure = Assert.Throws<EvaluationFailedException>(() => decoder.Decode(file, name, new RgbBuffer()));

        Assert.Equal($"{name}: {reason}", failure.Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    private static IEnumerable<string> Transform(string folder, EvalTransform transform)
    {
        using var transformer = new ImageTransformer(transform, OutputSize.Of(transform, [], "unread"));
        var pixels = new byte[transformer.Output.ImageBytes];
        foreach (var golden in Expected.Imagenet)
        {
            transformer.Apply(File.ReadAllBytes(Path.Combine(folder, golden.File)), golden.File, pixels);
            yield return Goldens.Sha256(pixels);
        }
    }

    private static string MeanRgb(RgbBuffer image)
    {
        Span<long> sums = [0, 0, 0];
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            sums[i % 3] += image.Pixels[i];
        }
        var pixels = (double)image.Size.Pixels;
        return string.Create(
            CultureInfo.InvariantCulture, $"{sums[0] / pixels:F3} {sums[1] / pixels:F3} {sums[2] / pixels:F3}");
    }

    private sealed record OddImage(string File, string Outcome, string? MeanRgb)
    {
        // Two of the columns between are quoted and hold commas; file name, outcome and mean stand at the ends.
        public static OddImage Parse(string line)
        {
            var columns = line.Split(',');
            return new OddImage(columns[0], columns[^2], columns[^1].Length > 0 ? columns[^1] : null);
        }
    }
}
