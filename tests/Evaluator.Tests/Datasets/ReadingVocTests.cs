using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Datasets;

public sealed class ReadingVocTests : IDisposable
{
    private const string Main = "toy/VOCdevkit/VOC2007/ImageSets/Main";
    private const string Folder = "toy/VOCdevkit/VOC2007";
    private const string Images = "JPEGImages";

    private static readonly DatasetPart Train = new(Split.Train);

    private readonly DatasetFolder datasets = new();

    public ReadingVocTests() => datasets.Write(
        new[] { "000012", "000005", "000007" }.Select(name => $"{Folder}/{Images}/{name}.jpg"));

    public void Dispose() => datasets.Dispose();

    [Fact]
    public void Samples_come_in_the_order_of_the_first_list_with_the_classes_that_they_show()
    {
        WriteLists("000012  1\n000005 -1\n000007  0\n");
        datasets.Write($"{Main}/tvmonitor_trainval.txt", "000005 -1\r\n000007  1\r\n000012  0\r\n");
        // The list without a class is not read, as the reference does not read it.
        datasets.Write($"{Main}/trainval.txt", "000099\n");

        var samples = Read();

        Assert.Equal(
            [$"{Images}/000012.jpg", $"{Images}/000005.jpg", $"{Images}/000007.jpg"], samples.Select(sample => sample.Path));
        Assert.Equal(Enumerable.Range(0, 19), samples[0].Targets!);
        Assert.Empty(samples[1].Targets!);
        Assert.Equal([19], samples[2].Targets!);
    }

    [Theory]
    [InlineData("000005", "line 1: '000005' is no name and label")]
    [InlineData("000005 1 1", "is no name and label")]
    [InlineData("000005  2", "label '2' is none of 1, 0 and -1")]
    [InlineData("000005 -2", "label '-2'")]
    [InlineData("000005 1.0", "label '1.0'")]
    [InlineData("000005 9999999999", "label '9999999999'")]
    [InlineData("../000005 1", "'../000005' is no name of an image")]
    [InlineData("a/000005 1", "is no name of an image")]
    [InlineData("/etc/passwd 1", "is no name of an image")]
    [InlineData(".. 1", "is no name of an image")]
    [InlineData("0000\u000105 1", "is no name of an image")]
    [InlineData("000005 1\n\n000005 -1", "line 3: 000005 has another label than before")]
    [InlineData("\n \n", "bicycle_trainval.txt in toy/VOCdevkit/VOC2007 is empty")]
    public void A_wrong_line_is_named(string lines, string message)
    {
        WriteLists("000005  1\n");
        datasets.Write($"{Main}/bicycle_trainval.txt", lines);

        AssertFails(FailureCodes.DatasetChanged, message);
    }

    [Fact]
    public void A_line_that_stands_twice_counts_once()
    {
        WriteLists("000005  1\n000005  1\n");

        Assert.Single(Read());
    }

    [Theory]
    [InlineData("000005  1\n")]
    [InlineData("000005  1\n000007 -1\n000012 -1\n")]
    public void Lists_that_differ_in_their_images_are_refused(string lines)
    {
        WriteLists("000005  1\n000007 -1\n");
        datasets.Write($"{Main}/sofa_trainval.txt", lines);

        AssertFails(
            FailureCodes.DatasetChanged, "sofa_trainval.txt and ImageSets/Main/aeroplane_trainval.txt do not "
            + "list the same images; 1 are in one alone: JPEGImages/0000");
    }

    [Fact]
    public void A_missing_list_a_missing_image_and_a_link_are_told()
    {
        AssertFails(FailureCodes.DatasetMissing, "There is no list ImageSets/Main/aeroplane_trainval.txt");

        WriteLists("000005  1\n000006 -1\n");
        AssertFails(FailureCodes.DatasetMissing, "1 are absent or no plain files (links are not followed)");

        File.CreateSymbolicLink(datasets.At($"{Folder}/{Images}/000006.jpg"), datasets.At($"{Folder}/{Images}/000005.jpg"));
        AssertFails(FailureCodes.DatasetMissing, "000006.jpg");
    }

    [Fact]
    public void A_benchmark_of_another_number_of_classes_is_refused()
    {
        WriteLists("000005  1\n");

        datasets.AssertFails(Voc(classCount: 21), FailureCodes.DatasetChanged, "VOC 2007 has 20 classes", Train);
    }

    private void WriteLists(string lines)
    {
        foreach (var name in VocLayout.Classes)
        {
            datasets.Write($"{Main}/{name}_trainval.txt", lines);
        }
    }

    private static BenchmarkDefinition Voc(int classCount = 20) =>
        Definitions.Of(Layouts.Voc, classCount) with { Path = Folder };

    private IReadOnlyList<Sample> Read() => datasets.Read(Voc(), Train);

    private void AssertFails(string code, string message) => datasets.AssertFails(Voc(), code, message, Train);
}
