using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Datasets;

/// <summary>Which splits protocols on features take, and what is in them.</summary>
public sealed class ReadingSplitsTests : IDisposable
{
    private static readonly Realm Food = new("food", 3);

    private readonly DatasetFolder datasets = new();

    public void Dispose() => datasets.Dispose();

    [Fact]
    public void OmniBenchmark_selects_on_val_and_reports_on_test_where_test_is_labelled()
    {
        Records("train", "a.jpg 0", "b.jpg 1");
        Records("val", "v.jpg 1");
        Records("test", "t.jpg 2");

        Assert.Equal(
            new SplitsToLearn(new(Split.Train, Food), new(Split.Val, Food), new(Split.Test, Food)), Splits(Omni));
        Assert.Null(Splits(Omni with { Protocol = Protocol.Knn }).Selection);
    }

    [Fact]
    public void Without_labelled_test_images_val_is_reported_and_nothing_is_selected_on_it()
    {
        Records("train", "a.jpg 0", "b.jpg 1");
        Records("val", "v.jpg 1");
        Records("test", "t.jpg 0", "u.jpg 0");

        Assert.Equal(new SplitsToLearn(new(Split.Train, Food), null, new(Split.Val, Food)), Splits(Omni));
    }

    [Fact]
    public void Every_line_of_OmniBenchmark_is_a_sample_but_for_one_that_stands_twice()
    {
        Records("train", "a b.jpg 0", "a b.jpg 2", "c.jpg 1", "a b.jpg 0");

        var samples = datasets.Read(Omni, new DatasetPart(Split.Train, Food));

        Assert.Equal(
            [new("meta/food/train/images/a b.jpg", 0), new("meta/food/train/images/a b.jpg", 2), new("meta/food/train/images/c.jpg", 1)],
            samples);
    }

    [Fact]
    public void A_realm_without_train_images_is_missing()
    {
        Records("val", "v.jpg 1");

        datasets.AssertFails(
            Omni, FailureCodes.DatasetMissing, "no records of realm food, split train", new DatasetPart(Split.Train, Food));
    }

    [Fact]
    public void A_train_split_is_a_folder_or_a_list_of_its_own()
    {
        datasets.Write(["toy/x/1.jpg", "toy/y/1.jpg", "toy-train/x/2.jpg", "toy-train/y/2.jpg", "toy/google/3.jpg"]);
        datasets.Write("toy/info/train_filelist_google.txt", "google/3.jpg 1");
        var train = new DatasetPart(Split.Train);
        var folder = Definitions.Of(Layouts.ImageFolder, 2) with { Path = "toy", Train = "toy-train" };
        Assert.Equal([new("x/2.jpg", 0), new("y/2.jpg", 1)], datasets.Read(folder, train));

        var list = Definitions.Of(Layouts.WebVision, 2) with { Train = "info/train_filelist_google.txt" };
        Assert.Equal([new("google/3.jpg", 1)], datasets.Read(list, train));
    }

    private static BenchmarkDefinition Omni =>
        Definitions.Of(Layouts.OmniBenchmark, 3, null, Food) with { Protocol = Protocol.LinearProbe, Lambdas = [0.1] };

    private void Records(string split, params string[] lines)
    {
        datasets.Write(lines.Select(line => $"toy/meta/food/{split}/images/{line[..line.LastIndexOf(' ')]}"));
        datasets.Write(
            $"toy/meta/food/{split}/records.txt", string.Join('\n', lines.Select(line => $"images/{line}")));
    }

    private SplitsToLearn Splits(BenchmarkDefinition definition) => SplitsToLearn.Of(definition, Food, datasets.Root);
}
