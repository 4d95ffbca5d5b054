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

        datasets.AssertFails(
            FailureCodes.DatasetMissing, "no folder elsewhere/inner below",
            () => datasets.Read(TwoClasses with { Path = "elsewhere/inner/deep" }));
        datasets.AssertFails(
            FailureCodes.DatasetMissing, "linked is a symbolic link",
            () => datasets.Read(TwoClasses with { Path = "linked" }));
    }

    [Fact]
    public void Layouts_name_the_dataset_by_its_path_below_the_root()
    {
        datasets.Write("toy/a/notes.txt");
        datasets.AssertFails(FailureCodes.DatasetChanged, "toy holds 1 class folders", () => datasets.Read(TwoClasses));
        datasets.AssertFails(
            FailureCodes.DatasetChanged, "toy/a holds what is no image",
            () => datasets.Read(TwoClasses with { ClassCount = 1 }));
        datasets.AssertFails(FailureCodes.DatasetMissing, "no list val.txt in toy", () => datasets.Read(Listed));
        datasets.AssertFails(FailureCodes.DatasetMissing, "realm food in toy", () => datasets.Read(Omni));
        datasets.Write("toy/val.txt", "");
        datasets.AssertFails(FailureCodes.DatasetChanged, "val.txt in toy is empty", () => datasets.Read(Listed));
        datasets.Write("toy/val.txt", "1.jpg 0");
        datasets.AssertFails(FailureCodes.DatasetMissing, "listed in toy, 1 are absent", () => datasets.Read(Listed));
    }

    [Fact]
    public void A_folder_that_went_away_is_missing()
    {
        datasets.Write("toy/a/1.jpg");
        Directory.Delete(Folder, recursive: true);

        datasets.AssertFails(
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

        datasets.AssertFails(
            FailureCodes.DatasetMissing, "toy/val.txt cannot be read: permission denied", () => datasets.Read(Listed));
        datasets.AssertFails(
            FailureCodes.DatasetMissing, "toy/a/1.jpg cannot be read: permission denied",
            () => Build([new("a/1.jpg", 0)], parallelism: 2));
        ManifestSample[] manifest = [new("a/1.jpg", 0, 5, new byte[32])];
        datasets.AssertFails(FailureCodes.DatasetMissing, "toy/a/1.jpg cannot be read: permission denied", () =>
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
            var failure = datasets.AssertFails(
                FailureCodes.DatasetMissing, "toy/1.jpg cannot be read: ",
                () => DatasetFailure.Reading<object>("toy/1.jpg", () => throw refusal));
            Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
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
            datasets.AssertFails(
                FailureCodes.DatasetMissing, "There is no file toy/37.jpg.", () => Build(samples, threads));
        }
    }

    private IReadOnlyList<ManifestSample> Build(IReadOnlyList<Sample> samples, int parallelism) => Manifest.Build(
        digests, TwoClasses.Path, Folder, samples, parallelism, TestContext.Current.CancellationToken);
}
