using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Datasets;

public sealed class ReadingLayoutsTests : IDisposable
{
    private readonly DatasetFolder datasets = new();

    public void Dispose() => datasets.Dispose();

    [Fact]
    public void An_image_folder_has_its_classes_and_images_in_ordinal_order()
    {
        datasets.Write(["toy/b/2.jpg", "toy/b/10.PNG", "toy/B/x.JPEG", "toy/a/é.webp", "toy/a/A.gif", "toy/a/z.Bmp"]);

        Assert.Equal(
            [
                new("B/x.JPEG", 0),
                new("a/A.gif", 1), new("a/z.Bmp", 1), new("a/é.webp", 1),
                new("b/10.PNG", 2), new("b/2.jpg", 2),
            ],
            datasets.Read(Definitions.Of(Layouts.ImageFolder, 3)));
    }

    [Theory]
    [InlineData("toy/stray.jpg", "stray.jpg")]
    [InlineData("toy/a/notes.txt", "notes.txt")]
    [InlineData("toy/a/.DS_Store", ".DS_Store")]
    [InlineData("toy/a/nested/1.jpg", "nested")]
    [InlineData("toy/a/folder.jpg/1.jpg", "folder.jpg")]
    [InlineData("toy/a/tab\there.jpg", "control characters")]
    public void A_file_that_is_no_image_of_a_class_is_an_error(string path, string named)
    {
        datasets.Write(["toy/a/1.jpg", "toy/b/1.jpg", path]);

        datasets.AssertFails(Definitions.Of(Layouts.ImageFolder, 2), FailureCodes.DatasetChanged, named);
    }

    [Fact]
    public void An_empty_class_and_another_number_of_classes_are_errors()
    {
        datasets.Write(["toy/a/1.jpg"]);
        datasets.AssertFails(Definitions.Of(Layouts.ImageFolder, 2), FailureCodes.DatasetChanged, "holds 1 class folders");

        Directory.CreateDirectory(datasets.At("toy/b"));
        datasets.AssertFails(Definitions.Of(Layouts.ImageFolder, 2), FailureCodes.DatasetChanged, "toy/b is empty");
    }

    [Fact]
    public void A_list_splits_at_the_last_space_and_counts_a_repeated_line_once()
    {
        datasets.Write(["toy/one two.jpg", "toy/sub/3.jpg", "toy/unlisted.jpg"]);
        datasets.Write("toy/val.txt", "one two.jpg 1\r\n\n   \nsub/3.jpg 0\none two.jpg 1\n");

        Assert.Equal(
            [new("one two.jpg", 1), new("sub/3.jpg", 0)], datasets.Read(Definitions.Of(Layouts.ImageList, 2, "val.txt")));
    }

    [Theory]
    [InlineData("a.jpg 2", "line 1: label '2' is none of the classes 0 to 1")]
    [InlineData("a.jpg -1", "label '-1'")]
    [InlineData("a.jpg one", "label 'one'")]
    [InlineData("a.jpg 99999999999999999999", "label '99999999999999999999'")]
    [InlineData("a.jpg +1", "label '+1'")]
    [InlineData("a.jpg ", "label ''")]
    [InlineData("a.jpg", "'a.jpg' is no path and label")]
    [InlineData(" 1", "is no path and label")]
    [InlineData("a.jpg 0\n\na.jpg 1", "line 3: a.jpg has label 1 here and 0 before")]
    [InlineData("a\0.jpg 0", "no path within the dataset")]
    [InlineData("../outside.jpg 0", "'../outside.jpg' is no path within the dataset")]
    [InlineData("sub/../../outside.jpg 0", "no path within the dataset")]
    [InlineData("/etc/passwd 0", "'/etc/passwd' is no path within the dataset")]
    [InlineData("./a.jpg 0", "no path within the dataset")]
    [InlineData("", "is empty")]
    [InlineData("\n \n", "is empty")]
    public void A_wrong_line_is_named(string content, string message)
    {
        datasets.Write(["outside.jpg", "toy/a.jpg"]);
        datasets.Write("toy/val.txt", content);

        datasets.AssertFails(Definitions.Of(Layouts.ImageList, 2, "val.txt"), FailureCodes.DatasetChanged, message);
    }

    [Fact]
    public void A_list_that_is_no_UTF_8_is_refused()
    {
        datasets.Write(["toy/a.jpg"]);
        File.WriteAllBytes(datasets.At("toy/val.txt"), [.. "a"u8, 0xFF, .. ".jpg 0\n"u8]);

        datasets.AssertFails(Definitions.Of(Layouts.ImageList, 2, "val.txt"), FailureCodes.DatasetChanged, "no UTF-8 at byte 1");
    }

    [Fact]
    public void Missing_files_are_counted_and_the_first_few_named()
    {
        datasets.Write("toy/val.txt", string.Join('\n', Enumerable.Range(0, 12).Select(i => $"{i}.jpg 0")));

        datasets.AssertFails(
            Definitions.Of(Layouts.ImageList, 2, "val.txt"), FailureCodes.DatasetMissing,
            "12 are absent or no plain files (links are not followed): 0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg and 7 more");
    }

    [Theory]
    [InlineData("absent.txt")]
    [InlineData("../val.txt")]
    [InlineData("/etc/passwd")]
    [InlineData(null)]
    public void A_list_that_is_not_in_the_dataset_is_missing(string? list)
    {
        datasets.Write(["toy/a.jpg"]);
        datasets.Write("val.txt", "a.jpg 0");

        datasets.AssertFails(Definitions.Of(Layouts.ImageList, 2, list), FailureCodes.DatasetMissing, "There is no list");
    }

    [Theory]
    [InlineData(null, "val_images_256/val0.jpg")]
    [InlineData("val_images", "val_images/val0.jpg")]
    public void WebVision_s_images_are_those_that_the_definition_says(string? images, string path)
    {
        datasets.Write(((string[])["val_images_256", "val_images"]).SelectMany(
            folder => new[] { $"toy/{folder}/val0.jpg", $"toy/{folder}/val1.jpg" }));
        datasets.Write("toy/info/val_filelist.txt", "val0.jpg 998\nval1.jpg 0\n");

        var samples = datasets.Read(Definitions.Of(Layouts.WebVision, 1000) with { Images = images });

        Assert.Equal(new Sample(path, 998), samples[0]);
        Assert.Equal(2, samples.Count);
    }

    [Fact]
    public void WebVision_s_originals_do_not_stand_in_for_the_small_images()
    {
        datasets.Write(["toy/val_images/val0.jpg"]);
        datasets.Write("toy/info/val_filelist.txt", "val0.jpg 0\n");

        datasets.AssertFails(
            Definitions.Of(Layouts.WebVision, 2), FailureCodes.DatasetMissing, "val_images_256/val0.jpg");
    }

    [Fact]
    public void A_realm_of_OmniBenchmark_that_lies_there_in_two_ways_is_refused()
    {
        datasets.Write(["toy/meta/food/val/images/1.jpg", "toy/food/val/images/1.jpg"]);
        datasets.Write("toy/meta/food/val/records.txt", "images/1.jpg 1");
        datasets.Write("toy/food/val.txt", "val/images/1.jpg 1");

        datasets.AssertFails(
            Definitions.Of(Layouts.OmniBenchmark, 2, null, new Realm("food", 2)), FailureCodes.DatasetChanged,
            "laid out in several ways, of which one must stay: meta/food/val/records.txt and food/val.txt are there.");
    }

    [Theory]
    [InlineData("meta/food/val/records.txt", "meta/food/val/images/1.jpg", "images/1.jpg 1")]
    [InlineData("meta/food/test/records.txt", "meta/food/test/images/1.jpg", "images/1.jpg 1")]
    [InlineData("food/food.val/record.txt", "food/food.val/images/1.jpg", "images/1.jpg 1")]
    [InlineData("food/val.txt", "food/val/images/1.jpg", "val/images/1.jpg 1")]
    public void OmniBenchmark_is_read_in_the_three_ways_that_its_authors_lay_it_out(
        string records, string image, string line)
    {
        datasets.Write([$"toy/{image}"]);
        datasets.Write($"toy/{records}", line);

        Assert.Equal([new(image, 1)], datasets.Read(Definitions.Of(Layouts.OmniBenchmark, 2, null, new Realm("food", 2))));
    }

    [Fact]
    public void OmniBenchmark_takes_test_where_it_has_labels_and_val_where_they_are_all_0()
    {
        var food = Definitions.Of(Layouts.OmniBenchmark, 2, null, new Realm("food", 2));
        datasets.Write(
            ["toy/meta/food/test/images/t.jpg", "toy/meta/food/test/images/u.jpg", "toy/meta/food/val/images/v.jpg"]);
        datasets.Write("toy/meta/food/val/records.txt", "images/v.jpg 1");
        datasets.Write("toy/meta/food/test/records.txt", "images/t.jpg 0\nimages/u.jpg 0");
        Assert.Equal([new("meta/food/val/images/v.jpg", 1)], datasets.Read(food));

        datasets.Write("toy/meta/food/test/records.txt", "images/t.jpg 0\nimages/u.jpg 1");
        Assert.Equal(2, datasets.Read(food).Count);

        datasets.Write("toy/meta/food/test/records.txt", "images/t.jpg 0");
        File.Delete(datasets.At("toy/meta/food/val/records.txt"));
        datasets.AssertFails(food, FailureCodes.DatasetMissing, "have no labels: every one is 0");
    }

    [Fact]
    public void OmniBenchmark_without_records_or_with_two_realms_is_refused()
    {
        Directory.CreateDirectory(datasets.At("toy"));

        datasets.AssertFails(
            Definitions.Of(Layouts.OmniBenchmark, 2, null, new Realm("food", 2)),
            FailureCodes.DatasetMissing, "nor food/val.txt");
        datasets.AssertFails(
            Definitions.Of(Layouts.OmniBenchmark, 2, null, new Realm("food", 2), new Realm("bird", 2)),
            FailureCodes.DatasetChanged, "exactly one realm");
        datasets.AssertFails(
            Definitions.Of(Layouts.OmniBenchmark, 2, null, new Realm("../food", 2)),
            FailureCodes.DatasetMissing, "no records of realm");
    }

    [Fact]
    public void The_real_CIFAR_folder_reads_as_1000_images_of_10_classes()
    {
        var definition = Definitions.Of(Layouts.ImageFolder, 10) with { Path = "cifar10_png" };

        var samples = DatasetLayout.Read(definition, DatasetPart.Evaluated, DatasetLayout.FolderOf(definition, DatasetPart.Evaluated, RealData.At("images")));

        Assert.Equal(1000, samples.Count);
        Assert.StartsWith("airplane/", samples[0].Path, StringComparison.Ordinal);
        Assert.Equal(9, samples[^1].Target);
    }
}
