using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Preprocessing;

public sealed class DecodingFormatsTests
{
    public static TheoryData<string> Files { get; } =
        new(Goldens.Read<FormatGolden[]>("formats.json").Select(golden => golden.File));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_has_the_pixels_of_Pillow(string name)
    {
        var golden = Golden(name);
        var file = File.ReadAllBytes(Goldens.At("formats", name));
        using var decoder = new ImageDecoder();
        var image = new RgbBuffer();

        decoder.Decode(file, name, image);

        Assert.Equal(new ImageSize(golden.Width, golden.Height), image.Size);
        Assert.Equal(image.Size, decoder.ReadSize(file, name));
        Assert.Equal(golden.Sha256, Goldens.Sha256(image.Pixels));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_first_half_of_a_file_is_refused_where_Pillow_refuses_it(string name)
    {
        var file = File.ReadAllBytes(Goldens.At("formats", name));
        using var decoder = new ImageDecoder();
        var image = new RgbBuffer();
        if (Golden(name).HalfOpens)
        {
            decoder.Decode(file.AsSpan(0, file.Length / 2), name, image);
            return;
        }

        AssertUnreadable(name, () => decoder.Decode(file.AsSpan(0, file.Length / 2), name, image));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_beginning_of_a_file_does_worse_than_to_be_refused(string name)
    {
        var file = File.ReadAllBytes(Goldens.At("formats", name));
        using var decoder = new ImageDecoder();
        var image = new RgbBuffer();
        for (var length = 0; length < file.Length / 2; length += length < 64 ? 1 : 97)
        {
            try
            {
                decoder.Decode(file.AsSpan(0, length), name, image);
            }
            catch (EvaluationFailedException failure)
            {
                Assert.Equal(FailureCodes.ImageUnreadable, failure.Code);
            }
        }
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")]
    [InlineData("%PDF-1.7")]
    [InlineData("P6 1 1 255 abc")]
    [InlineData("II*\0")]
    [InlineData("push graphic-context viewbox 0 0 9 9 pop graphic-context")]
    [InlineData("")]
    public void Other_formats_reach_no_parser(string content)
    {
        using var decoder = new ImageDecoder();

        var failure = AssertUnreadable(
            "odd", () => decoder.Decode(System.Text.Encoding.Latin1.GetBytes(content), "odd", new RgbBuffer()));

        Assert.Equal("odd: the file is no JPEG, PNG, BMP, WebP or GIF", failure.Message);
    }

    [Fact]
    public void Loaders_of_other_formats_are_blocked_in_libvips_itself()
    {
        using var decoder = new ImageDecoder();
        decoder.Decode(File.ReadAllBytes(Goldens.At("formats", "png-2-8.png")), "png", new RgbBuffer());
        var svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"u8.ToArray();

        Assert.Throws<NetVips.VipsException>(() => NetVips.Image.SvgloadBuffer(svg));
    }

    [Fact]
    public void A_JPEG_without_tables_is_refused_and_does_not_borrow_those_of_the_image_before()
    {
        var whole = File.ReadAllBytes(Goldens.At("formats", "jpeg-420.jpg"));
        var table = whole.AsSpan().IndexOf<byte>([0xFF, 0xDB]);
        byte[] without = [.. whole];
        without[table + 1] = 0xEE;
        using var decoder = new ImageDecoder();
        var image = new RgbBuffer();
        decoder.Decode(whole, "whole.jpg", image);

        AssertUnreadable("without.jpg", () => decoder.Decode(without, "without.jpg", image));
        decoder.Decode(whole, "whole.jpg", image);
    }

    [Fact]
    public void A_warning_does_not_hide_an_error_behind_it()
    {
        var whole = File.ReadAllBytes(Goldens.At("formats", "jpeg-420.jpg"));
        byte[] extraneous = [.. whole[..20], 1, 2, 3, .. whole[20..]];
        var table = extraneous.AsSpan().IndexOf<byte>([0xFF, 0xDB]);
        using var decoder = new ImageDecoder();
        var image = new RgbBuffer();
        decoder.Decode(extraneous, "warned.jpg", image);
        extraneous[table + 1] = 0xEE;

        AssertUnreadable("broken.jpg", () => decoder.Decode(extraneous, "broken.jpg", image));
    }

    [Fact]
    public void A_warning_does_not_hide_that_the_file_ends_early()
    {
        var corrupt = File.ReadAllBytes(Goldens.At("formats", "jpeg-corrupt-scan.jpg"));
        using var decoder = new ImageDecoder();
        var image = new RgbBuffer();
        decoder.Decode(corrupt, "corrupt.jpg", image);

        for (var missing = 2; missing < corrupt.Length / 3; missing += 5)
        {
            var length = corrupt.Length - missing;
            AssertUnreadable("cut.jpg", () => decoder.Decode(corrupt.AsSpan(0, length), "cut.jpg", image));
        }
    }

    private static FormatGolden Golden(string name) =>
        Goldens.Read<FormatGolden[]>("formats.json").Single(golden => golden.File == name);

    private static EvaluationFailedException AssertUnreadable(string name, Action decode)
    {
        var failure = Assert.Throws<EvaluationFailedException>(decode);
        Assert.Equal(FailureCodes.ImageUnreadable, failure.Code);
        Assert.StartsWith($"{name}: ", failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
