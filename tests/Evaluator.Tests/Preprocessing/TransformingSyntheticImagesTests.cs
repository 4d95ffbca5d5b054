using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Preprocessing;

public sealed class TransformingSyntheticImagesTests
{
    private static readonly TransformGolden[] Cases = Goldens.Read<TransformGolden[]>("transforms.json");

    [Fact]
    public void Every_size_filter_and_crop_gives_the_bytes_of_torchvision()
    {
        var wrong = Cases.Where(golden => Transform(golden) != golden.Sha256).ToList();

        Assert.True(Cases.Length > 600);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Scalar_and_vector_code_give_the_same_bytes()
    {
        Assert.SkipUnless(ResampleAvx2.IsSupported, "This processor has no AVX2.");
        foreach (var golden in Cases.Where(golden => golden.Resize is not null))
        {
            Assert.Equal(Resize(golden, vectorised: false), Resize(golden, vectorised: true));
        }
    }

    [Fact]
    public void Without_a_crop_the_first_image_sets_the_size_and_another_size_is_refused_naming_both()
    {
        var output = OutputSize.Of(Goldens.WholeImage, SyntheticImage.Bitmap(32, 31), "a.bmp");
        using var transformer = new ImageTransformer(Goldens.WholeImage, output);
        var pixels = new byte[output.ImageBytes];

        transformer.Apply(SyntheticImage.Bitmap(32, 31), "a.bmp", pixels);
        var failure = Assert.Throws<EvaluationFailedException>(
            () => transformer.Apply(SyntheticImage.Bitmap(31, 32), "b.bmp", pixels));

        Assert.Equal(SyntheticImage.Pixels(32, 31), pixels);
        Assert.Equal(FailureCodes.ImageSizeVaries, failure.Code);
        Assert.Contains("a.bmp", failure.Message, StringComparison.Ordinal);
        Assert.Contains("b.bmp", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_destination_that_does_not_fit_is_refused_before_anything_is_written()
    {
        var transform = Goldens.WholeImage with { Crop = 8 };
        using var transformer = new ImageTransformer(transform, OutputSize.Of(transform, [], "unread"));

        Assert.Throws<ArgumentOutOfRangeException>(
            () => transformer.Apply(SyntheticImage.Bitmap(9, 9), "a.bmp", new byte[(3 * 8 * 8) + 1]));
    }

    [Fact]
    public void Padding_overwrites_what_the_slot_held_before()
    {
        var transform = Goldens.WholeImage with { Crop = 4 };
        using var transformer = new ImageTransformer(transform, OutputSize.Of(transform, [], "unread"));
        var pixels = new byte[3 * 4 * 4];
        pixels.AsSpan().Fill(255);

        transformer.Apply(SyntheticImage.Bitmap(1, 1), "a.bmp", pixels);

        Assert.Equal(SyntheticImage.Pixels(1, 1), pixels[15..18]);
        Assert.All(pixels[..15].Concat(pixels[18..]), value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_warm_transformer_allocates_nothing_for_a_jpeg()
    {
        var file = File.ReadAllBytes(Goldens.At("formats", "jpeg-420.jpg"));
        var transform = Goldens.WholeImage with { Resize = 40, Crop = 32 };
        using var transformer = new ImageTransformer(transform, OutputSize.Of(transform, [], "unread"));
        var pixels = new byte[transformer.Output.ImageBytes];
        // The least of some rounds: the runtime may allocate once as it compiles what turns out to be called often.
        var allocated = Enumerable.Range(0, 5).Select(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 50; i++)
            {
                transformer.Apply(file, "warm", pixels);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }).Min();

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void An_enlargement_over_the_pixel_limit_is_refused()
    {
        var transform = Goldens.WholeImage with { Resize = 1000 };

        var failure = Assert.Throws<EvaluationFailedException>(
            () => OutputSize.Of(transform, SyntheticImage.Bitmap(1, 1000), "long.bmp"));

        Assert.Equal(FailureCodes.ImageUnreadable, failure.Code);
        Assert.StartsWith("long.bmp: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_whose_long_side_would_have_no_length_is_refused()
    {
        var transform = Goldens.WholeImage with { Resize = 2_000_000, Crop = 224 };
        using var transformer = new ImageTransformer(transform, OutputSize.Of(transform, [], "unread"));

        var failure = Assert.Throws<EvaluationFailedException>(() => transformer.Apply(
            SyntheticImage.Bitmap(1, 2000), "long.bmp", new byte[transformer.Output.ImageBytes]));

        Assert.Equal(FailureCodes.ImageUnreadable, failure.Code);
        Assert.StartsWith("long.bmp: 1 × 2000 pixels cannot be resized", failure.Message, StringComparison.Ordinal);
    }

    private static string Transform(TransformGolden golden)
    {
        var file = SyntheticImage.Bitmap(golden.Width, golden.Height);
        var output = OutputSize.Of(golden.Transform, file, "golden");
        Assert.Equal(new ImageSize(golden.OutputWidth, golden.OutputHeight), output.Size);
        using var transformer = new ImageTransformer(golden.Transform, output);
        var pixels = new byte[output.ImageBytes];
        transformer.Apply(file, "golden", pixels);
        return Goldens.Sha256(pixels);
    }

    private static byte[] Resize(TransformGolden golden, bool vectorised)
    {
        var image = new RgbBuffer();
        image.Reset(new ImageSize(golden.Width, golden.Height));
        SyntheticImage.Pixels(golden.Width, golden.Height).CopyTo(image.Pixels);
        var geometry = CropGeometry.Of(golden.Transform, image.Size, "golden");
        var stride = 3 * geometry.Window.Width;
        var pixels = new byte[stride * geometry.Window.Height];
        new PillowResize { Vectorised = vectorised }.Apply(
            image, geometry.Resized, geometry.Window, ResampleFilter.Named(golden.Interpolation), pixels, stride);
        return pixels;
    }
}
