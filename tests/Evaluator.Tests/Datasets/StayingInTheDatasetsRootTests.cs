using System.Diagnostics;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Datasets;

public sealed class StayingInTheDatasetsRootTests : IDisposable
{
    private static readonly BenchmarkDefinition TwoClasses = Definitions.Of(Layouts.ImageFolder, 2);

    private readonly DatasetFolder datasets = new();
    private readonly DatasetFolder outside = new();

    public StayingInTheDatasetsRootTests()
    {
        datasets.Write(["toy/a/1.jpg", "toy/b/1.jpg"]);
        outside.Write(["a/1.jpg", "b/1.jpg", "1.jpg"]);
        outside.Write("val.txt", "1.jpg 0");
    }

    public void Dispose()
    {
        datasets.Dispose();
        outside.Dispose();
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../toy")]
    [InlineData("toy/../..")]
    [InlineData("toy/..")]
    [InlineData("/etc")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("toy/")]
    [InlineData("toy\0")]
    [InlineData("absent")]
    [InlineData("toy/a/1.jpg")]
    public void A_path_that_is_no_folder_below_the_root_is_refused(string path) =>
        datasets.AssertFails(TwoClasses with { Path = path }, FailureCodes.DatasetMissing, "the datasets root");

    [Fact]
    public void A_link_on_the_way_to_the_dataset_is_refused()
    {
        Directory.CreateSymbolicLink(datasets.At("linked"), outside.Root);
        Directory.CreateDirectory(outside.At("inner"));

        foreach (var path in (string[])["linked", "linked/inner"])
        {
            datasets.AssertFails(
                TwoClasses with { Path = path }, FailureCodes.DatasetMissing, "linked is a symbolic link");
        }
    }

    [Fact]
    public void The_root_itself_may_be_a_link()
    {
        Directory.CreateSymbolicLink(outside.At("root"), datasets.Root);

        Assert.Equal(2, DatasetLayout.Read(TwoClasses, DatasetPart.Evaluated, DatasetLayout.FolderOf(TwoClasses, DatasetPart.Evaluated, outside.At("root"))).Count);
    }

    [Fact]
    public void A_linked_class_folder_and_a_linked_image_are_refused()
    {
        File.CreateSymbolicLink(datasets.At("toy/a/2.jpg"), outside.At("1.jpg"));
        datasets.AssertFails(TwoClasses, FailureCodes.DatasetChanged, "toy/a holds what is no image file (1): 2.jpg");

        File.Delete(datasets.At("toy/a/2.jpg"));
        Directory.CreateSymbolicLink(datasets.At("toy/c"), outside.At("a"));
        datasets.AssertFails(
            TwoClasses with { ClassCount = 3 }, FailureCodes.DatasetChanged, "toy holds what is no class folder (1): c");
    }

    [Fact]
    public void A_linked_list_and_listed_files_behind_links_are_refused()
    {
        var listed = Definitions.Of(Layouts.ImageList, 2, "val.txt");
        File.CreateSymbolicLink(datasets.At("toy/val.txt"), outside.At("val.txt"));
        datasets.AssertFails(listed, FailureCodes.DatasetMissing, "There is no list val.txt");

        File.Delete(datasets.At("toy/val.txt"));
        datasets.Write("toy/val.txt", "sub/a/1.jpg 0\nlink.jpg 1");
        Directory.CreateSymbolicLink(datasets.At("toy/sub"), outside.Root);
        File.CreateSymbolicLink(datasets.At("toy/link.jpg"), outside.At("1.jpg"));
        datasets.AssertFails(listed, FailureCodes.DatasetMissing, "sub/a/1.jpg, link.jpg");
    }

    [Fact]
    public void A_linked_image_folder_of_WebVision_is_refused()
    {
        var webVision = Definitions.Of(Layouts.WebVision, 2);
        datasets.Write("toy/info/val_filelist.txt", "1.jpg 0");
        Directory.CreateSymbolicLink(datasets.At("toy/val_images_256"), outside.At("a"));

        datasets.AssertFails(webVision, FailureCodes.DatasetMissing, "val_images_256/1.jpg");
    }

    [Fact]
    public void A_pipe_in_place_of_an_image_is_refused_and_not_waited_for()
    {
        using var mkfifo = Process.Start("mkfifo", [datasets.At("toy/a/2.jpg")]);
        mkfifo.WaitForExit();

        datasets.AssertFails(TwoClasses, FailureCodes.DatasetChanged, "toy/a holds what is no image file (1): 2.jpg");
    }

    [Fact]
    public void A_name_that_is_no_UTF_8_is_refused()
    {
        RunInClassFolder("touch $'\\xff.jpg'");
        try
        {
            datasets.AssertFails(TwoClasses, FailureCodes.DatasetChanged, "no UTF-8");
        }
        finally
        {
            // .NET can neither make nor remove a file of such a name.
            RunInClassFolder("rm $'\\xff.jpg'");
        }
    }

    private void RunInClassFolder(string command)
    {
        using var bash = Process.Start(
            new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = datasets.At("toy/a") })!;
        bash.WaitForExit();
        Assert.Equal(0, bash.ExitCode);
    }
}
