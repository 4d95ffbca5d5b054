using System.Security.Cryptography;
using System.Text;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Datasets;

public sealed class ManifestTests : IDisposable
{
    private static readonly BenchmarkDefinition TwoClasses = Definitions.Of(Layouts.ImageFolder, 2);

    private readonly DatasetFolder datasets = new();
    private readonly FileDigests digests = new(TimeProvider.System);

    public ManifestTests() => datasets.Write(["toy/a/1.jpg", "toy/a/2.jpg", "toy/b/1.jpg", "toy/b/2.jpg"]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => datasets.At("toy");

    public void Dispose() => datasets.Dispose();

    [Fact]
    public void Its_digest_is_that_of_one_line_a_sample()
    {
        var manifest = Build();
        var text = new StringBuilder();
        List<Sample> samples = [new("a/1.jpg", 0), new("a/2.jpg", 0), new("b/1.jpg", 1), new("b/2.jpg", 1)];
        foreach (var (path, target, _) in samples)
        {
            var content = Encoding.UTF8.GetBytes("toy/" + path);
            text.Append(path).Append('\t').Append(target).Append('\t').Append(content.Length).Append('\t')
                .Append(Convert.ToHexStringLower(SHA256.HashData(content))).Append('\n');
        }

        var expected = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        Assert.Equal(Convert.ToHexStringLower(expected), Manifest.Digest(manifest));
    }

    [Fact]
    public void An_unchanged_dataset_passes_and_progress_reaches_the_end()
    {
        var manifest = Build();
        var progress = new Highest();

        new ManifestCheck(digests).Verify(TwoClasses, DatasetPart.Evaluated, Folder, manifest, 2, progress, Token);

        Assert.Equal(4, progress.Value);
    }

    [Fact]
    public void Missing_extra_and_changed_files_are_all_named()
    {
        var manifest = Build();
        File.Delete(datasets.At("toy/a/1.jpg"));
        datasets.Write("toy/a/3.jpg");
        datasets.Write("toy/b/1.jpg", "TOY/b/1.jpg");
        datasets.Write("toy/b/2.jpg", "longer than it was before");

        var failure = AssertChanged(manifest);

        Assert.EndsWith(
            "1 missing (a/1.jpg); 1 extra (a/3.jpg); 2 changed (b/1.jpg, b/2.jpg).",
            failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_moved_to_another_class_is_named()
    {
        var listed = Definitions.Of(Layouts.ImageList, 2, "val.txt");
        datasets.Write("toy/val.txt", "a/1.jpg 0\nb/1.jpg 1");
        var manifest = Build(listed);
        datasets.Write("toy/val.txt", "a/1.jpg 0\nb/1.jpg 0");
        Assert.Contains(
            "1 of another class (b/1.jpg)", AssertChanged(manifest, listed).Message, StringComparison.Ordinal);

        datasets.Write("toy/val.txt", "b/1.jpg 1\na/1.jpg 0");
        Assert.Contains("in another order", AssertChanged(manifest, listed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_listed_file_that_is_gone_or_became_a_link_is_missing()
    {
        var listed = Definitions.Of(Layouts.ImageList, 2, "val.txt");
        datasets.Write("toy/val.txt", "a/1.jpg 0\nb/1.jpg 1");
        var manifest = Build(listed);
        File.Move(datasets.At("toy/a/1.jpg"), datasets.At("elsewhere.jpg"));
        File.CreateSymbolicLink(datasets.At("toy/a/1.jpg"), datasets.At("elsewhere.jpg"));

        Assert.Contains("1 missing (a/1.jpg)", AssertChanged(manifest, listed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_restores_size_and_modification_time_is_found()
    {
        foreach (var path in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }
        var patient = new FileDigests(new LaterTime());
        var manifest = Manifest.Build(patient, TwoClasses.Path, Folder, Samples(TwoClasses), 2, Token);
        datasets.Write("toy/b/1.jpg", "TOY/b/1.jpg");
        File.SetLastWriteTimeUtc(datasets.At("toy/b/1.jpg"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var failure = Assert.Throws<EvaluationFailedException>(() => new ManifestCheck(patient).Verify(
            TwoClasses, DatasetPart.Evaluated, Folder, manifest, 2, null, Token));

        Assert.Contains("1 changed (b/1.jpg)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_settled_file_is_hashed_once_and_a_fresh_one_again()
    {
        var path = datasets.At("toy/a/1.jpg");
        var settled = new FileDigests(new LaterTime());

        Assert.Same(settled.Read(path)!.Value.Sha256, settled.Read(path)!.Value.Sha256);
        Assert.NotSame(digests.Read(path)!.Value.Sha256, digests.Read(path)!.Value.Sha256);
    }

    [Fact]
    public void More_files_than_are_remembered_do_not_make_it_forget_all()
    {
        var paths = Enumerable.Range(0, 101).Select(i => $"toy/many/{i}.jpg").ToList();
        datasets.Write(paths);
        var few = new FileDigests(new LaterTime(), mostRemembered: 100);

        var first = paths.ConvertAll(path => few.Read(datasets.At(path))!.Value.Sha256);
        // The last did not fit, and half made room for it.
        var found = paths.Zip(first).Count(file => few.Read(datasets.At(file.First))!.Value.Sha256 == file.Second);

        Assert.InRange(found, 10, 60);
    }

    [Fact]
    public void Sample_count_and_digest_of_a_definition_are_required()
    {
        var manifest = Build();
        Manifest.RequireDefinition(
            TwoClasses with { SampleCount = 4, ManifestSha256 = Manifest.Digest(manifest) }, manifest);

        foreach (var wrong in (BenchmarkDefinition[])
            [TwoClasses with { SampleCount = 5 }, TwoClasses with { ManifestSha256 = new string('0', 64) }])
        {
            var failure = Assert.Throws<EvaluationFailedException>(() => Manifest.RequireDefinition(wrong, manifest));
            Assert.Equal(FailureCodes.DatasetChanged, failure.Code);
        }
    }

    [Fact]
    public void Hashing_stops_when_it_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(
            () => Manifest.Build(digests, TwoClasses.Path, Folder, Samples(TwoClasses), 2, cancelled.Token));
    }

    private IReadOnlyList<Sample> Samples(BenchmarkDefinition definition) => DatasetLayout.Read(definition, DatasetPart.Evaluated, Folder);

    private IReadOnlyList<ManifestSample> Build(BenchmarkDefinition? definition = null) => Manifest.Build(
        digests, (definition ?? TwoClasses).Path, Folder, Samples(definition ?? TwoClasses), 2, Token);

    private EvaluationFailedException AssertChanged(
        IReadOnlyList<ManifestSample> manifest, BenchmarkDefinition? definition = null)
    {
        var failure = Assert.Throws<EvaluationFailedException>(() => new ManifestCheck(digests).Verify(
            definition ?? TwoClasses, DatasetPart.Evaluated, Folder, manifest, 2, null, Token));
        Assert.Equal(FailureCodes.DatasetChanged, failure.Code);
        return failure;
    }

    private sealed class LaterTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromMinutes(1);
    }

    private sealed class Highest : IProgress<int>
    {
        private int value;

        public int Value => value;

        public void Report(int done)
        {
            lock (this)
            {
                value = Math.Max(value, done);
            }
        }
    }
}
