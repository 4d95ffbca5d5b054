using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Datasets;

/// <summary>Which classes a sample has where a dataset numbers its classes in its own way.</summary>
public sealed class ClassesOfDatasetsTests : IDisposable
{
    private readonly DatasetFolder datasets = new();

    public void Dispose() => datasets.Dispose();

    [Fact]
    public void Folders_are_numbered_as_the_mask_says()
    {
        datasets.Write(["toy/n01/a.jpg", "toy/n02/b.jpg"]);
        var masked = Definitions.Of(Layouts.ImageFolder, 1000) with { ClassMask = [6, 11] };

        Assert.Equal([new("n01/a.jpg", 6), new("n02/b.jpg", 11)], datasets.Read(masked));

        datasets.Write(["toy/n03/c.jpg"]);
        datasets.AssertFails(masked, FailureCodes.DatasetChanged, "holds 3 class folders, but the benchmark has 2");
    }

    [Fact]
    public void Of_the_first_classes_the_others_are_passed_over_in_lists_and_in_folders()
    {
        datasets.Write(["toy/val_images_256/a.jpg", "toy/val_images_256/b.jpg", "toy/val_images_256/c.jpg"]);
        datasets.Write("toy/info/val_filelist.txt", "a.jpg 1\nb.jpg 2\nc.jpg 0\n");
        var first = Definitions.Of(Layouts.WebVision, 2) with { FirstClasses = 2 };
        Assert.Equal([new("val_images_256/a.jpg", 1), new("val_images_256/c.jpg", 0)], datasets.Read(first));

        datasets.Write(["toy2/n01/a.jpg", "toy2/n02/b.jpg", "toy2/n03/c.jpg"]);
        var folders = Definitions.Of(Layouts.ImageFolder, 2) with { FirstClasses = 2, Path = "toy2" };
        Assert.Equal([new("n01/a.jpg", 0), new("n02/b.jpg", 1)], datasets.Read(folders));
        datasets.AssertFails(folders with { FirstClasses = null }, FailureCodes.DatasetChanged, "3 class folders");
        datasets.AssertFails(folders with { FirstClasses = 4, ClassCount = 4 }, FailureCodes.DatasetChanged, "3 class folders");
    }

    [Fact]
    public void A_list_may_give_an_image_several_classes_or_none()
    {
        datasets.Write(["toy/a b.jpg", "toy/b.jpg", "toy/c.jpg"]);
        datasets.Write("toy/val.txt", "a b.jpg 7,3\nb.jpg -\nc.jpg 4\n");

        var samples = datasets.Read(Definitions.Of(Layouts.ImageList, 10, "val.txt") with { Labels = "multi" });

        Assert.Equal(["a b.jpg", "c.jpg"], samples.Select(sample => sample.Path));
        Assert.Equal([[3, 7], [4]], samples.Select(sample => sample.Targets!));
        Assert.All(samples, sample => Assert.Equal(Sample.Several, sample.Target));
    }

    [Theory]
    [InlineData("ILSVRC2012_val_0000000{0}.JPEG")]
    [InlineData("n0144076{0}/ILSVRC2012_val_0000000{0}.JPEG")]
    public void ReaL_numbers_images_by_their_names_and_leaves_out_those_without_a_label(string name)
    {
        datasets.Write(new[] { 3, 1, 2 }.Select(number => $"toy/val/{name.Replace("{0}", $"{number}", StringComparison.Ordinal)}"));
        datasets.Write("toy/real.json", "[[2, 1], [], [0]]");

        var samples = datasets.Read(Real);

        Assert.Equal([[1, 2], [0]], samples.Select(sample => sample.Targets!));
        Assert.EndsWith("00000003.JPEG", samples[1].Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[0], [1]]", FailureCodes.DatasetMissing, "holds 1 images, but real.json has labels of 2")]
    [InlineData("[[9]]", FailureCodes.DatasetChanged, "no list of lists of classes 0 to 2")]
    [InlineData("[null]", FailureCodes.DatasetChanged, "no list of lists")]
    [InlineData("[]", FailureCodes.DatasetChanged, "no list of lists")]
    [InlineData("{", FailureCodes.DatasetChanged, "is no JSON")]
    public void ReaL_labels_that_do_not_fit_are_refused(string labels, string code, string message)
    {
        datasets.Write(["toy/val/ILSVRC2012_val_00000001.JPEG"]);
        datasets.Write("toy/real.json", labels);

        datasets.AssertFails(Real, code, message);
    }

    [Fact]
    public void ReaL_refuses_images_of_other_names_and_two_of_one_number()
    {
        datasets.Write("toy/real.json", "[[0]]");
        datasets.Write(["toy/val/cat.JPEG"]);
        datasets.AssertFails(Real, FailureCodes.DatasetChanged, "none of the images 1 to 1");
        File.Delete(datasets.At("toy/val/cat.JPEG"));

        datasets.Write(["toy/val/ILSVRC2012_val_00000001.JPEG", "toy/val/a/ILSVRC2012_val_00000001.JPEG"]);
        datasets.AssertFails(Real, FailureCodes.DatasetChanged, "have one number");
    }

    private static BenchmarkDefinition Real =>
        Definitions.Of(Layouts.ImageNetReal, 3) with { Labels = "multi" };
}
