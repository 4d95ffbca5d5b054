using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Tests.Preprocessing;
using Leaderboard.Evaluator.Worker.Caching;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Worker;

/// <summary>The packer as a worker runs it: a child in the sandbox.</summary>
public sealed class PackingInTheSandboxTests : IDisposable
{
    private static readonly EvalTransform ImageNet = Goldens.WholeImage with { Resize = 256, Crop = 224 };

    private readonly TemporaryFolder home = new();
    private readonly string folder = RealData.At("images", "imagenet");

    public void Dispose() => home.Dispose();

    private IEnumerable<string> Images => Directory.GetFiles(folder, "*.JPEG", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal).Take(12);

    [Fact]
    public async Task It_is_packed_once_and_only_the_worker_may_change_it()
    {
        var worker = new PackingWorker(home);
        var dataset = PackingWorker.Dataset(folder, Images);

        var packed = await worker.Packer.OpenAsync(dataset, ImageNet, _ => { }, TestContext.Current.CancellationToken);
        var again = await new PackingWorker(home).Packer.OpenAsync(
            dataset, ImageNet, _ => Assert.Fail("It is packed again."), TestContext.Current.CancellationToken);

        Assert.Equal(packed!.ImagesFile, again!.ImagesFile);
        Assert.Equal((12, 224, 224), (packed.Record.Count, packed.Record.Width, packed.Record.Height));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(packed.ImagesFile));
        Assert.Equal(geteuid(), Owner(packed.ImagesFile));
        Assert.Empty(PackingWorker.Leftovers(home));
    }

    [Fact]
    public async Task Without_a_crop_the_packer_tells_the_size_and_room_is_made_for_it()
    {
        var cifar = RealData.At("images", "cifar10_png");
        var samples = Directory.GetFiles(cifar, "*.png", SearchOption.AllDirectories).Take(20).Select(file => Path.GetRelativePath(cifar, file));

        var packed = await new PackingWorker(home).Packer.OpenAsync(
            PackingWorker.Dataset(cifar, samples), Goldens.WholeImage, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal((20, 32, 32), (packed!.Record.Count, packed.Record.Width, packed.Record.Height));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task Where_there_is_no_room_nothing_is_packed_and_nothing_fails(long cacheBytes)
    {
        // Twelve images are 1.8 MB.
        Assert.Null(await new PackingWorker(home, cacheBytes).Packer.OpenAsync(
            PackingWorker.Dataset(folder, Images), ImageNet, _ => { }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_image_that_cannot_be_read_is_named()
    {
        using var images = new TemporaryFolder();
        File.WriteAllText(images.At("bad.jpg"), "no image");

        var failure = await Assert.ThrowsAsync<EvaluationFailedException>(() => new PackingWorker(home).Packer.OpenAsync(
            PackingWorker.Dataset(images.Path, ["bad.jpg"]), ImageNet, _ => { }, TestContext.Current.CancellationToken));

        Assert.Equal(FailureCodes.ImageUnreadable, failure.Code);
        Assert.StartsWith("bad.jpg: ", failure.Message, StringComparison.Ordinal);
        Assert.Empty(PackingWorker.Leftovers(home));
    }

    [Fact]
    public async Task A_packer_that_takes_too_long_fails_no_evaluation()
    {
        var worker = new PackingWorker(home, timeLimit: TimeSpan.FromMilliseconds(1));

        Assert.Null(await worker.Packer.OpenAsync(
            PackingWorker.Dataset(folder, Images), ImageNet, _ => { }, TestContext.Current.CancellationToken));
        Assert.Empty(PackingWorker.Leftovers(home));
    }

    [Fact]
    public async Task What_could_not_be_packed_is_tried_again_after_an_hour()
    {
        var clock = new Clock();
        var worker = new PackingWorker(home, time: clock);
        Task<PackedDataset?> Open() => worker.Packer.OpenAsync(
            PackingWorker.Dataset(folder, Images), ImageNet, _ => { }, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(home.At("cache"));
        File.WriteAllText(home.At("cache", "images"), "no folder");
        Assert.Null(await Open());
        File.Delete(home.At("cache", "images"));

        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Null(await Open());
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(await Open());
    }

    [Fact]
    public async Task It_can_be_cancelled_and_leaves_nothing()
    {
        var worker = new PackingWorker(home);
        // The same dozen over and over: long enough to be cancelled in the middle.
        var dataset = PackingWorker.Dataset(folder, Enumerable.Repeat(Images.ToList(), 250).SelectMany(images => images));
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => worker.Packer.OpenAsync(
            dataset, ImageNet, (Progress _) => cancelled.Cancel(), cancelled.Token));

        Assert.Empty(PackingWorker.Leftovers(home));
        Assert.Empty(PackingWorker.PackedFiles(home));
    }

    private static uint Owner(string path)
    {
        using var stat = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%u", path]) { RedirectStandardOutput = true })!;
        return uint.Parse(stat.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
    }

    [DllImport("libc")]
    private static extern uint geteuid();
}
