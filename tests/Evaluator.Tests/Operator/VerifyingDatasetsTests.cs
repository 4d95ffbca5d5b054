using Dapper;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Operator;
using Leaderboard.Evaluator.Tests.Datasets;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Shared.Hosting;
using Leaderboard.Tests.Support;
using Npgsql;

namespace Leaderboard.Evaluator.Tests.Operator;

/// <summary>A benchmark of three classes, in folders for train and for what is evaluated.</summary>
public sealed class VerifyingDatasetsTests : IAsyncLifetime
{
    private const UnixFileMode Everything =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly string[] Classes = ["ant", "bee", "cat"];

    private readonly DatasetFolder datasets = new();
    private readonly TemporaryFolder home = new();
    private readonly Sandbox sandbox = Sandbox.Probe();
    private TestDatabase database = null!;
    private NpgsqlDataSource db = null!;
    private BenchmarkDefinition benchmark = null!;
    private Guid benchmarkId;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database.UseSnakeCaseColumns();
        database = await TestDatabase.CreateAsync();
        db = NpgsqlDataSource.Create(database.ConnectionString);
        // The sandbox's user has to come by.
        File.SetUnixFileMode(datasets.Root, Everything | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        foreach (var (i, name) in Classes.Index())
        {
            for (var image = 0; image < 3; image++)
            {
                WriteImage($"train/{name}/{image}.bmp", (byte)((10 * i) + image));
                WriteImage($"val/{name}/{image}.bmp", (byte)(100 + (10 * i) + image));
            }
        }
        benchmark = Definitions.Of(Layouts.ImageFolder, Classes.Length) with
        {
            Protocol = Protocol.Knn,
            K = 1,
            Temperature = 0.07,
            Train = "train",
            Path = "val",
        };
        await using var connection = await db.OpenConnectionAsync(Token);
        benchmarkId = await connection.ExecuteScalarAsync<Guid>(
            """
            insert into tasks values ('t', 't', '');
            insert into datasets (id, name, description) values ('d', 'd', '');
            insert into benchmarks (name, version, task_id, dataset_id, definition, primary_metric, origin)
            values ('toy', '1', 't', 'd', '{}', 'top1_accuracy', 'admin')
            returning id
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await db.DisposeAsync();
        await database.DisposeAsync();
        foreach (var folder in Directory.GetDirectories(datasets.At("val")))
        {
            File.SetUnixFileMode(folder, Everything);
        }
        datasets.Dispose();
        home.Dispose();
    }

    [Fact]
    public async Task Counts_that_differ_from_the_manifest_are_told_by_split_and_by_class()
    {
        await Manifests().OpenSplitsAsync(benchmarkId, benchmark, realm: null, Token);
        var before = await VerifyAsync();
        Assert.True(before.IsSound);
        Assert.All(before.Splits, split => Assert.Equal((9, 9, 0), (split.ManifestCount, split.SampleCount, split.ClassDifferenceCount)));

        File.Delete(datasets.At("val/ant/0.bmp"));
        WriteImage("val/cat/3.bmp", 200);
        WriteImage("val/cat/4.bmp", 201);

        var (train, evaluated) = Parts(await VerifyAsync());
        Assert.Equal((9, 9, 0), (train.ManifestCount, train.SampleCount, train.ClassDifferenceCount));
        Assert.Equal((9, 10, 2), (evaluated.ManifestCount, evaluated.SampleCount, evaluated.ClassDifferenceCount));
        Assert.Equal([new(0, "ant", 3, 2), new(2, "cat", 3, 5)], evaluated.ClassDifferences!);
        Assert.Contains("1 missing (ant/0.bmp); 2 extra (cat/3.bmp, cat/4.bmp)", evaluated.Difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_is_found_and_the_walk_goes_on()
    {
        SkipWhereNothingIsDenied();
        File.SetUnixFileMode(datasets.At("val/bee/1.bmp"), UnixFileMode.None);

        var (train, evaluated) = Parts(await VerifyAsync());

        Assert.Equal((9, 0), (train.SampleCount, train.UnreadableCount));
        Assert.Equal((9, 0, 1), (evaluated.SampleCount, evaluated.MissingCount, evaluated.UnreadableCount));
        var found = Assert.Single(evaluated.Unreadable);
        Assert.Equal("bee/1.bmp", found.Path);
        Assert.EndsWith("permission denied", found.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_folder_that_may_not_be_read_is_found_and_the_walk_goes_on()
    {
        SkipWhereNothingIsDenied();
        File.SetUnixFileMode(datasets.At("val/bee"), UnixFileMode.None);

        var report = await VerifyAsync();
        var (train, evaluated) = Parts(report);

        Assert.False(report.IsSound);
        Assert.Equal(9, train.SampleCount);
        Assert.Null(evaluated.Problem);
        Assert.All(evaluated.Unreadable, found => Assert.StartsWith("bee", found.Path, StringComparison.Ordinal));
        Assert.All(evaluated.Unreadable, found => Assert.Contains("permission denied", found.Finding, StringComparison.Ordinal));
        // Root lists the folder, and the child that decodes may not enter it; anybody else stops at the folder.
        Assert.Equal(Environment.IsPrivilegedProcess ? 3 : 1, evaluated.UnreadableCount);
    }

    [Fact]
    public async Task A_folder_in_the_place_of_an_image_is_told_and_the_other_split_is_walked()
    {
        Directory.CreateDirectory(datasets.At("val/bee/9.bmp"));

        var (train, evaluated) = Parts(await VerifyAsync());

        Assert.Equal("val/bee holds what is no image file (1): 9.bmp.", evaluated.Problem);
        Assert.Equal((9, null), (train.SampleCount, train.Problem));
    }

    [Fact]
    public async Task Class_folders_that_differ_between_the_splits_are_told_and_refused_by_evaluations()
    {
        Directory.Move(datasets.At("train/bee"), datasets.At("train/bird"));

        var (train, evaluated) = Parts(await VerifyAsync());
        Assert.Equal(
            "The class folders of train and val differ: class 1 is 'bird' in the first and 'bee' in the second.", train.Difference);
        Assert.Null(evaluated.Difference);

        var refused = await Assert.ThrowsAsync<EvaluationFailedException>(
            () => Manifests().OpenSplitsAsync(benchmarkId, benchmark, realm: null, Token));
        Assert.Equal((FailureCodes.DatasetChanged, train.Difference), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task Of_many_missing_files_a_hundred_are_named_and_all_are_counted()
    {
        datasets.Write("listed/val.txt", string.Concat(Enumerable.Range(0, 130).Select(i => $"{i}.jpg {i % 3}\n")));
        benchmark = Definitions.Of(Layouts.ImageList, 3, "val.txt") with { Path = "listed" };

        var report = await VerifyAsync();

        var split = Assert.Single(report.Splits);
        Assert.Equal((130, 100), (split.MissingCount, split.Missing.Count));
        Assert.Contains("      and 30 more", VerificationText.Lines(report));
        Assert.Contains("      99.jpg", VerificationText.Lines(report));
    }

    private static (SplitReport Train, SplitReport Evaluated) Parts(DatasetReport report) => (report.Splits[0], report.Splits[1]);

    // Root may read everything, but the child that decodes is not root.
    private void SkipWhereNothingIsDenied() => Assert.SkipWhen(
        Environment.IsPrivilegedProcess && sandbox.Unavailable is not null, $"Root reads everything: {sandbox.Unavailable}");

    private void WriteImage(string path, byte grey)
    {
        // The smallest bitmap: one pixel of three bytes.
        byte[] header =
        [
            .. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0,
            .. new byte[24],
        ];
        datasets.Write(path, "");
        File.WriteAllBytes(datasets.At(path), [.. header, grey, grey, grey, 0]);
    }

    private Task<DatasetReport> VerifyAsync()
    {
        var digests = new FileDigests(TimeProvider.System);
        return new DatasetVerification(
            db, Folders, digests, new ManifestCheck(digests), new RunnerProcess(sandbox, new WorkerOptions()), new WorkerOptions(),
            TimeProvider.System).RunAsync(benchmarkId, benchmark);
    }

    private DatasetManifests Manifests()
    {
        var digests = new FileDigests(TimeProvider.System);
        return new DatasetManifests(
            db, digests, new ManifestCheck(digests), Folders, new WorkerOptions(),
            new DatasetStates(db, Folders, WorkerIdentity.New()));
    }

    private LeaderboardFolders Folders => new(home.Path, datasets.Root);
}
