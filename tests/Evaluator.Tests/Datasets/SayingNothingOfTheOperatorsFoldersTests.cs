using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Datasets;

public sealed class SayingNothingOfTheOperatorsFoldersTests : IDisposable
{
    private static readonly BenchmarkDefinition TwoClasses = Definitions.Of(Layouts.ImageFolder, 2);
    private static readonly BenchmarkDefinition Listed = Definitions.Of(Layouts.ImageList, 2, "val.txt");

    private static readonly BenchmarkDefinition Omni =
        Definitions.Of(Layouts.OmniBenchmark, 2, null, new Realm("food", 2));

    private readonly DatasetFolder datasets = new();
    private readonly FileDigests digests = new(TimeProvider.System);

    private string Folder => datasets.At("toy");

    public void Dispose() => datasets.Dispose();

    [Fact]
    public void A_folder_that_is_absent_or_a_link_is_named_below_the_root()
    {
        datasets.Write("elsewhere/1.jpg");
        Directory.CreateSymbolicLink(datasets.At("linked"), datasets.At("elsewhere"));

        AssertFails(
            FailureCodes.DatasetMissing, "no folder elsewhere/inner below",
            () => DatasetLayout.FolderOf(TwoClasses with { Path = "elsewhere/inner/deep" }, DatasetPart.Evaluated, datasets.Root));
        AssertFails(
            FailureCodes.DatasetMissing, "linked is a symbolic link",
            () => DatasetLayout.FolderOf(TwoClasses with { Path = "linked" }, DatasetPart.Evaluated, datasets.Root));
    }

    [Fact]
    public void Layouts_name_the_dataset_by_its_path_below_the_root()
    {
        datasets.Write("toy/a/notes.txt");
        AssertFails(FailureCodes.DatasetChanged, "toy holds 1 class folders", () => Read(TwoClasses));
        AssertFails(
            FailureCodes.DatasetChanged, "toy/a holds what is no image",
            () => Read(TwoClasses with { ClassCount = 1 }));
        AssertFails(FailureCodes.DatasetMissing, "no list val.txt in toy", () => Read(Listed));
        AssertFails(FailureCodes.DatasetMissing, "realm food in toy", () => Read(Omni));
        datasets.Write("toy/val.txt", "");
        AssertFails(FailureCodes.DatasetChanged, "val.txt in toy is empty", () => Read(Listed));
        datasets.Write("toy/val.txt", "1.jpg 0");
        AssertFails(FailureCodes.DatasetMissing, "listed in toy, 1 are absent", () => Read(Listed));
    }

    [Fact]
    public void A_folder_that_went_away_is_missing()
    {
        datasets.Write("toy/a/1.jpg");
        Directory.Delete(Folder, recursive: true);

        AssertFails(
            FailureCodes.DatasetMissing, "toy cannot be read: it is no longer there",
            () => DatasetLayout.List(TwoClasses, DatasetPart.Evaluated, Folder));
    }

    [Fact]
    public void What_may_not_be_read_is_missing()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read everything");
        datasets.Write(["toy/a/1.jpg", "toy/b/1.jpg"]);
        datasets.Write("toy/val.txt", "a/1.jpg 0");
        File.SetUnixFileMode(datasets.At("toy/val.txt"), UnixFileMode.None);
        File.SetUnixFileMode(datasets.At("toy/a/1.jpg"), UnixFileMode.None);

        AssertFails(
            FailureCodes.DatasetMissing, "toy/val.txt cannot be read: permission denied", () => Read(Listed));
        AssertFails(
            FailureCodes.DatasetMissing, "toy/a/1.jpg cannot be read: permission denied",
            () => Build([new("a/1.jpg", 0)], parallelism: 2));
        ManifestSample[] manifest = [new("a/1.jpg", 0, 5, new byte[32])];
        AssertFails(FailureCodes.DatasetMissing, "toy/a/1.jpg cannot be read: permission denied", () =>
        {
            var check = new ManifestCheck(digests);
            var one = TwoClasses with { ClassCount = 1 };
            File.Delete(datasets.At("toy/val.txt"));
            Directory.Delete(datasets.At("toy/b"), recursive: true);
            check.Verify(one, DatasetPart.Evaluated, Folder, manifest, 2, progress: null, TestContext.Current.CancellationToken);
            return check;
        });
    }

    [Fact]
    public void Every_refusal_of_the_file_system_becomes_a_failure_without_its_path()
    {
        Exception[] refusals =
        [
            new UnauthorizedAccessException($"Access to the path '{Folder}' is denied."),
            new FileNotFoundException($"Could not find file '{Folder}'."),
            new IOException($"Input/output error : '{Folder}'", 5),
            new IOException($"The file '{Folder}' is too long."),
        ];
        string[] reasons = ["permission denied", "no longer there", "Input/output error", "an input/output error"];
        foreach (var (refusal, reason) in refusals.Zip(reasons))
        {
            AssertFails(
                FailureCodes.DatasetMissing, $"toy/1.jpg cannot be read: ",
                () => DatasetFailure.Reading<object>("toy/1.jpg", () => throw refusal), reason);
        }
    }

    [Fact]
    public void Of_several_missing_files_the_first_in_the_datasets_order_is_said()
    {
        datasets.Write(Enumerable.Range(0, 200).Where(i => i is not (37 or 60 or 199)).Select(i => $"toy/{i}.jpg"));
        var samples = Enumerable.Range(0, 200).Select(i => new Sample($"{i}.jpg", 0)).ToList();

        for (var parallelism = 1; parallelism <= 8; parallelism++)
        {
            var threads = parallelism;
            AssertFails(
                FailureCodes.DatasetMissing, "There is no file toy/37.jpg.", () => Build(samples, threads));
        }
    }

    private IReadOnlyList<Sample> Read(BenchmarkDefinition definition) => DatasetLayout.Read(definition, DatasetPart.Evaluated, Folder);

    private IReadOnlyList<ManifestSample> Build(IReadOnlyList<Sample> samples, int parallelism) => Manifest.Build(
        digests, TwoClasses.Path, Folder, samples, parallelism, TestContext.Current.CancellationToken);

    private void AssertFails(string code, string message, Func<object> read, string more = "")
    {
        var failure = Assert.Throws<EvaluationFailedException>(read);
        Assert.Equal(code, failure.Code);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Contains(more, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(datasets.Root, failure.Message, StringComparison.Ordinal);
    }
}
