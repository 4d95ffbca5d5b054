using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Tests.Preprocessing;
using Leaderboard.Evaluator.Worker.Caching;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Worker;

/// <summary>The cache by itself; what it keeps is made up.</summary>
public sealed class KeepingPackedImagesTests : IDisposable
{
    private const int Count = 4;
    private static readonly ImageSize Size = new(10, 10);
    private static readonly long Length = PackedFormat.Length(Count, Size);

    // With its targets.
    private static readonly long Kept = Length + TargetsLength();

    private readonly Clock clock = new();
    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void What_was_published_is_found_by_this_worker_and_by_others()
    {
        var worker = NewWorker();
        Assert.Null(Find(worker, "a"));

        Publish(worker, "a");

        Assert.All([worker, NewWorker()], each => Assert.Equal(Size, Find(each, "a")!.Record.Size));
        Assert.Null(Find(worker, "b"));
        Assert.Empty(PackingWorker.Leftovers(home));
        Assert.Single(Directory.GetFiles(home.At("cache"), "targets.safetensors", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_changed_byte_is_found_at_a_worker_s_first_use_and_the_file_removed()
    {
        Publish(NewWorker(), "a");
        Damage(file => file.WriteByte(99));

        Assert.Null(Find(NewWorker(), "a"));
        Assert.Empty(PackingWorker.PackedFiles(home));
    }

    [Fact]
    public void A_byte_that_changes_while_a_worker_runs_is_found_by_it_too()
    {
        var worker = NewWorker();
        Publish(worker, "a");
        Assert.NotNull(Find(worker, "a"));
        Damage(file => file.WriteByte(99));

        Assert.Null(Find(worker, "a"));
    }

    [Fact]
    public void A_file_cut_short_is_removed_and_made_again()
    {
        var worker = NewWorker();
        Publish(worker, "a");
        Damage(file => file.SetLength(Length - 1));
        Assert.Null(Find(worker, "a"));

        Publish(worker, "a");

        Assert.NotNull(Find(worker, "a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"count\": 4}")]
    public void A_record_that_says_nothing_is_made_again(string record)
    {
        Publish(NewWorker(), "a");
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(Assert.Single(PackingWorker.PackedFiles(home)))!, "record.json"), record);

        Assert.Null(Find(NewWorker(), "a"));
        Assert.Empty(PackingWorker.PackedFiles(home));
    }

    [Fact]
    public void The_least_recently_used_make_room()
    {
        var worker = NewWorker(cacheBytes: 3 * Kept);
        foreach (var name in new[] { "a", "b", "c" })
        {
            Publish(worker, name);
            clock.Advance(TimeSpan.FromMinutes(5));
            Find(worker, name);
        }
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.NotNull(Find(worker, "a"));

        Assert.Equal(Kept, worker.Cache.Room.Make(Length));

        Assert.Null(Find(worker, "b"));
        Assert.NotNull(Find(worker, "a"));
        Assert.NotNull(Find(worker, "c"));
    }

    [Fact]
    public void What_was_found_a_moment_ago_stays()
    {
        var worker = NewWorker(cacheBytes: Length);
        Publish(worker, "a");
        clock.Advance(TimeSpan.FromMinutes(5));
        Find(worker, "a");

        Assert.Equal(0, worker.Cache.Room.Make(Length));
        Assert.NotNull(Find(worker, "a"));
    }

    [Fact]
    public void What_an_evaluation_holds_stays_however_long_it_takes_and_whoever_needs_room()
    {
        var worker = NewWorker(cacheBytes: 2 * Kept);
        Publish(worker, "a");
        clock.Advance(TimeSpan.FromMinutes(5));
        Publish(worker, "b");
        Find(worker, "b");
        using (Hold(NewWorker(), "a"))
        {
            clock.Advance(TimeSpan.FromHours(5));

            Assert.Equal(Kept, worker.Cache.Room.Make(Length));
            Assert.Null(Find(worker, "b"));
            // Nor is anything removed in vain.
            Publish(worker, "b");
            Find(worker, "b");
            clock.Advance(TimeSpan.FromHours(5));
            Assert.Equal(0, worker.Cache.Room.Make(2 * Length));
            Assert.NotNull(Find(worker, "b"));
            Assert.NotNull(Find(worker, "a"));
        }
        clock.Advance(TimeSpan.FromHours(5));

        Assert.Equal(2 * Kept, worker.Cache.Room.Make(2 * Length));
        Assert.Empty(PackingWorker.PackedFiles(home));
    }

    [Fact]
    public void Room_that_a_claim_reserves_is_taken()
    {
        var worker = NewWorker(cacheBytes: 2 * Length);
        using (var claim = worker.Cache.TryBegin(Recipe("a"))!)
        {
            claim.Reserve(Length);
            Assert.Equal(Length, worker.Cache.Room.Make(Length));
            Assert.Equal(Length, worker.Cache.Room.Make(2 * Length));
        }

        Assert.Equal(2 * Length, worker.Cache.Room.Make(2 * Length));
    }

    [Fact]
    public void For_what_can_never_fit_nothing_is_removed()
    {
        var worker = NewWorker(cacheBytes: Length);
        Publish(worker, "a");
        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(0, worker.Cache.Room.Make(Length + 1));
        Assert.NotNull(Find(worker, "a"));
    }

    [Fact]
    public void A_full_disk_leaves_no_room_whatever_the_budget_and_nothing_is_removed_in_vain()
    {
        var disk = new DriveInfo(home.Path);
        var worker = NewWorker(cacheBytes: long.MaxValue);
        Publish(worker, "a");
        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.InRange(worker.Cache.Room.Make(0), 0, disk.AvailableFreeSpace);
        Assert.True(worker.Cache.Room.Make(disk.TotalSize) < disk.TotalSize);
        Assert.NotNull(Find(worker, "a"));
    }

    [Fact]
    public void Of_two_workers_one_packs()
    {
        var recipe = Recipe("a");
        using (var first = NewWorker().Cache.TryBegin(recipe))
        {
            Assert.NotNull(first);
            Assert.Null(NewWorker().Cache.TryBegin(recipe));
            using var other = NewWorker().Cache.TryBegin(Recipe("b"));
            Assert.NotNull(other);
        }
        using var second = NewWorker().Cache.TryBegin(recipe);
        Assert.NotNull(second);
    }

    [Fact]
    public void Where_two_workers_have_packed_all_the_same_the_first_file_stays()
    {
        // As on a file system without locks.
        var worker = NewWorker();
        using (var slow = worker.Cache.TryBegin(Recipe("a"))!)
        {
            File.Delete(Directory.GetFiles(home.At("cache", "images", "incoming"), "*.lock").Single());
            Publish(NewWorker(), "a");
            WriteImages(slow.File);
            worker.Cache.Publish(slow, Recipe("a"), Size, new int[Count], TestContext.Current.CancellationToken);
        }

        Assert.NotNull(Find(NewWorker(), "a"));
        Assert.Single(PackingWorker.PackedFiles(home));
        Assert.Empty(PackingWorker.Leftovers(home));
    }

    private PackingWorker NewWorker(long cacheBytes = 1_000_000) => new(home, cacheBytes, clock);

    private static PackRecipe Recipe(string name) => PackRecipe.Of(name, Goldens.WholeImage);

    private static PackedDataset? Find(PackingWorker worker, string name)
    {
        var found = Hold(worker, name);
        found?.Dispose();
        return found;
    }

    private static PackedDataset? Hold(PackingWorker worker, string name) =>
        worker.Cache.Find(Recipe(name), Count, TestContext.Current.CancellationToken);

    private static void Publish(PackingWorker worker, string name)
    {
        using var packing = worker.Cache.TryBegin(Recipe(name))!;
        WriteImages(packing.File);
        worker.Cache.Publish(packing, Recipe(name), Size, [1, 2, 3, 4], TestContext.Current.CancellationToken);
    }

    private static long TargetsLength()
    {
        using var folder = new TemporaryFolder();
        PackedFormat.WriteTargets(folder.At("targets"), new int[Count]);
        return new FileInfo(folder.At("targets")).Length;
    }

    private static void WriteImages(string path) =>
        File.WriteAllBytes(path, [.. PackedFormat.Header(Count, Size), .. new byte[Count * (int)Size.Bytes]]);

    private void Damage(Action<FileStream> damage)
    {
        using var file = File.OpenWrite(Assert.Single(PackingWorker.PackedFiles(home)));
        file.Position = Length - 7;
        damage(file);
    }
}
