using System.Text.Json;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Tests.Preprocessing;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Packing;

public sealed class PackingImagesTests
{
    private static readonly EvalTransform ImageNet = Goldens.WholeImage with { Resize = 256, Crop = 224 };
    private static readonly ImageSize Crop = new(224, 224);

    [Fact]
    public void Every_packed_image_has_the_bytes_of_torchvision()
    {
        var goldens = Goldens.Read<RealDataGoldens>("realdata.json").Imagenet;
        using var folder = new PackedFolder(RealData.At("images", "imagenet"), [.. goldens.Select(image => image.File)], ImageNet);
        var progress = new List<Progress>();

        Assert.Equal((224, 224, true), Outcome(folder.Pack(progress: progress)));

        using var images = folder.OpenPacked(Crop);
        using var reader = images.NewReader();
        Assert.Equal(
            goldens.Select(image => image.Bilinear), goldens.Select((_, i) => Goldens.Sha256(reader.Read(i))));
        Assert.Equal(125, progress[^1].Done);
    }

    [Fact]
    public void The_file_is_read_as_the_safetensors_documentation_says()
    {
        using var folder = PackedFolder.OfRealData("cifar10_png", Goldens.WholeImage);
        folder.Pack();

        var bytes = File.ReadAllBytes(folder.File);
        var headerLength = (int)BitConverter.ToUInt64(bytes);
        var tensor = JsonDocument.Parse(bytes.AsMemory(8, headerLength)).RootElement.GetProperty("images");

        Assert.Equal("U8", tensor.GetProperty("dtype").GetString());
        Assert.Equal([1000, 32, 32, 3], tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal([0, bytes.Length - 8 - headerLength], tensor.GetProperty("data_offsets").EnumerateArray().Select(at => at.GetInt32()));
        Assert.Equal(0, headerLength % 8);
    }

    [Fact]
    public void Targets_are_a_file_of_their_own()
    {
        using var folder = new TemporaryFolder();
        PackedFormat.WriteTargets(folder.At("targets"), [7, 0, 999]);

        var bytes = File.ReadAllBytes(folder.At("targets"));
        var header = 8 + (int)BitConverter.ToUInt64(bytes);
        var tensor = JsonDocument.Parse(bytes.AsMemory(8, header - 8)).RootElement.GetProperty("targets");

        Assert.Equal(("I64", 3), (tensor.GetProperty("dtype").GetString(), tensor.GetProperty("shape")[0].GetInt32()));
        Assert.Equal([7L, 0, 999], Enumerable.Range(0, 3).Select(i => BitConverter.ToInt64(bytes, header + (8 * i))));
    }

    [Fact]
    public void Without_room_nothing_is_written_and_the_size_is_told()
    {
        using var folder = PackedFolder.OfRealData("cifar10_png", Goldens.WholeImage);
        var need = PackedFormat.Length(1000, new ImageSize(32, 32));

        Assert.Equal((32, 32, false), Outcome(folder.Pack(maxBytes: need - 1)));
        Assert.False(File.Exists(folder.File));
        Assert.Equal((32, 32, true), Outcome(folder.Pack(maxBytes: need)));
    }

    [Fact]
    public void An_image_that_cannot_be_read_ends_it_with_its_name_the_first_of_several()
    {
        using var images = new TemporaryFolder();
        using (var good = PackedFolder.OfRealData("cifar10_png", Goldens.WholeImage))
        {
            File.Copy(Path.Combine(good.Files.Folder, good.Samples[0]), images.At("good.png"));
        }
        File.WriteAllText(images.At("bad1.png"), "no image");
        File.WriteAllText(images.At("bad2.png"), "no image either");
        using var folder = new PackedFolder(images.Path, ["good.png", "good.png", "bad1.png", "good.png", "bad2.png"], Goldens.WholeImage);

        var failure = Assert.Throws<EvaluationFailedException>(() => folder.Pack());

        Assert.Equal(FailureCodes.ImageUnreadable, failure.Code);
        Assert.StartsWith("bad1.png: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_crop_images_of_two_sizes_are_refused()
    {
        using var folder = PackedFolder.OfRealData("imagenet", Goldens.WholeImage);

        Assert.Equal(
            FailureCodes.ImageSizeVaries, Assert.Throws<EvaluationFailedException>(() => folder.Pack()).Code);
    }

    [Fact]
    public void A_file_of_another_length_or_header_is_not_read()
    {
        using var folder = PackedFolder.OfRealData("cifar10_png", Goldens.WholeImage);
        folder.Pack();
        Assert.Throws<InvalidDataException>(() => folder.OpenPacked(new ImageSize(64, 16)));

        using (var file = File.OpenWrite(folder.File))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Throws<InvalidDataException>(() => folder.OpenPacked(new ImageSize(32, 32)));
    }

    [Fact]
    public void Mean_and_std_are_no_part_of_the_recipe_and_all_else_is()
    {
        var key = PackRecipe.Of("manifest", ImageNet).Key();

        Assert.Equal(key, PackRecipe.Of("manifest", ImageNet with { Mean = [0, 0, 0], Std = [1, 1, 1] }).Key());
        Assert.NotEqual(key, PackRecipe.Of("another", ImageNet).Key());
        Assert.NotEqual(key, PackRecipe.Of("manifest", ImageNet with { Resize = 255 }).Key());
        Assert.NotEqual(key, PackRecipe.Of("manifest", ImageNet with { Crop = 223 }).Key());
        Assert.NotEqual(key, PackRecipe.Of("manifest", ImageNet with { Interpolation = EvalTransform.Bicubic }).Key());
        Assert.NotEqual(
            key,
            (PackRecipe.Of("manifest", ImageNet) with { Decoders = new Dictionary<string, string> { ["turbojpeg"] = "9" } }).Key());
        Assert.Equal(
            PackRecipe.Of("manifest", Goldens.WholeImage).Key(),
            PackRecipe.Of("manifest", Goldens.WholeImage with { Interpolation = EvalTransform.Bicubic }).Key());
    }

    [Fact]
    public void The_recipe_names_the_decoders_that_the_process_has()
    {
        var decoders = PackRecipe.Of("manifest", ImageNet).Decoders;

        Assert.Matches(@"^\d+\.\d+\.\d+$", decoders["turbojpeg"]);
        Assert.Matches(@"^8\.\d+\.\d+$", decoders["libvips"]);
        Assert.True(PackRecipe.Of("manifest", ImageNet).IsMadeBy(decoders));
        Assert.False(PackRecipe.Of("manifest", ImageNet).IsMadeBy(new Dictionary<string, string>(decoders) { ["turbojpeg"] = "1.0.0" }));
    }

    private static (int Width, int Height, bool Written) Outcome(Packed packed) =>
        (packed.Width, packed.Height, packed.Written);
}
