using System.Diagnostics;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Tests.Preprocessing;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Evaluator.Worker.Caching;
using Leaderboard.Shared;
using Leaderboard.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Leaderboard.Evaluator.Tests.Worker;

/// <summary>Several workers on one cache: some are killed, some are other users', all want room at once.</summary>
public sealed class SharingACacheTests : IDisposable
{
    private const int Count = 4;
    private static readonly ImageSize Size = new(10, 10);
    private static readonly long Length = PackedFormat.Length(Count, Size);

    private readonly Clock clock = new();
    private readonly TemporaryFolder home = new();

    public SharingACacheTests() => clock.Advance(TimeSpan.FromDays(3650)); // what is published now was used long ago

    public void Dispose() => home.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("images", "0123-killed")]
    [InlineData("images", "removed-killed")]
    [InlineData("features", "0123-killed")]
    public void Room_that_a_killed_worker_took_is_there_for_the_next_who_needs_it(string kind, string folder)
    {
        var cache = NewCache(cacheBytes: Length);
        var left = home.At("cache", kind, "incoming", folder, "scratch");
        Directory.CreateDirectory(left);
        File.WriteAllBytes(Path.Combine(left, "images.safetensors"), new byte[Length]);

        Assert.Equal(Length, cache.Room.Make(Length));
        Assert.False(Directory.Exists(home.At("cache", kind, "incoming", folder)));
    }

    [Fact]
    public void It_is_there_as_soon_as_the_worker_s_process_is_gone_and_no_sooner()
    {
        var cache = NewCache(cacheBytes: Length);
        var left = home.At("cache", "images", "incoming", "0123-other", "scratch");
        Directory.CreateDirectory(left);
        File.WriteAllBytes(Path.Combine(left, "images.safetensors"), new byte[Length]);
        var claimed = home.At("cache", "images", "incoming", "0123.lock");
        using var other = Process.Start(
            new ProcessStartInfo("flock", ["--close", claimed, "sh", "-c", "echo locked; exec cat"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        Assert.Equal("locked", other.StandardOutput.ReadLine());

        Assert.Equal(0, cache.Room.Make(Length));
        Assert.True(Directory.Exists(left));
        other.Kill(entireProcessTree: true);
        other.WaitForExit();

        Assert.Equal(Length, cache.Room.Make(Length));
        Assert.Empty(PackingWorker.Leftovers(home));
    }

    [Fact]
    public void What_a_worker_is_making_stays_however_long_it_takes_and_whoever_starts()
    {
        using var claim = NewCache().TryBegin("a")!;
        claim.Reserve(Length);
        clock.Advance(TimeSpan.FromDays(30));

        NewCache().Room.RemoveAbandoned();
        NewCache().Room.Make(Length);

        Assert.True(File.Exists(claim.File));
        Assert.Null(NewCache().TryBegin("a"));
        Assert.Null(NewCache().TryBegin("a"));
    }

    [Fact]
    public async Task Workers_that_make_room_at_once_do_not_disturb_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            var cache = NewCache(cacheBytes: 3 * Length);
            for (var round = 0; round < 400; round++)
            {
                cache.Publish($"{worker}{round % 5}");
                cache.Room.Make(2 * Length);
            }
        })));

        Assert.Equal(3 * Length, NewCache(cacheBytes: 3 * Length).Room.Make(3 * Length));
        Assert.Empty(PackingWorker.Leftovers(home));
    }

    [Fact]
    public async Task Room_for_one_is_taken_by_one()
    {
        var caches = Enumerable.Range(0, 8).Select(_ => NewCache(cacheBytes: Length)).ToList();
        var claims = caches.Select((cache, i) => cache.TryBegin($"{i}")!).ToList();

        var took = await Task.WhenAll(caches.Select((cache, i) => Task.Run(() => cache.TryReserve(claims[i], $"{i}", Length, Token))));

        Assert.Single(took, true);
        claims.ForEach(claim => claim.Dispose());
    }

    [Fact]
    public void What_cannot_be_asked_for_room_only_keeps_nothing()
    {
        var cache = NewCache();
        using var claim = cache.TryBegin("a")!;
        Directory.CreateDirectory(home.At("cache", "room.lock")); // denied, as another user's is

        Assert.False(cache.TryReserve(claim, "a", Length, Token));
    }

    [Fact]
    public void What_is_denied_counts_as_held()
    {
        var cache = NewCache(cacheBytes: 2 * Length);
        cache.Publish("mine");
        cache.Publish("denied");
        var record = home.At("cache", "images", "denied", "record.json");
        File.Delete(record);
        Directory.CreateDirectory(record); // denied to root too

        Assert.Null(cache.Find("denied", _ => true, Token));
        Assert.Equal(Length, cache.Room.Make(Length));
        Assert.True(Directory.Exists(record));
        Assert.False(Directory.Exists(home.At("cache", "images", "mine")));
        using var claim = cache.TryBegin("denied")!;
        Assert.False(cache.TryReserve(claim, "denied", Length, Token));
        Directory.CreateDirectory(home.At("cache", "images", "incoming", "b.lock"));
        Assert.Null(cache.TryBegin("b"));
    }

    [Fact]
    public void A_fault_that_is_no_damage_removes_nothing()
    {
        var cache = NewCache();
        cache.Publish("a");

        Assert.Null(cache.Find("a", _ => throw new IOException("Too many open files"), Token));
        Assert.Null(cache.Find("a", _ => throw new UnauthorizedAccessException(), Token));

        Assert.NotNull(cache.Find("a", _ => true, Token));
    }

    [Fact]
    public void What_was_made_again_meanwhile_is_not_removed_for_the_damage_of_its_predecessor()
    {
        var cache = NewCache();
        cache.Publish("a");

        Assert.Null(cache.Find(
            "a",
            _ =>
            {
                Directory.Delete(home.At("cache", "images", "a"), recursive: true);
                NewCache().Publish("a");
                return false;
            },
            Token));

        Assert.NotNull(cache.Find("a", _ => true, Token));
    }

    [Fact]
    public void What_has_lost_its_record_is_removed()
    {
        var cache = NewCache();
        cache.Publish("a");
        File.Delete(home.At("cache", "images", "a", "record.json"));

        Assert.Null(cache.Find("a", _ => true, Token));
        Assert.Empty(PackingWorker.PackedFiles(home));
    }

    [Fact]
    public async Task Waiting_for_who_makes_room_can_be_cancelled()
    {
        var cache = NewCache();
        cache.Publish("a");
        using var alone = FileLock.TryAlone(home.At("cache", "images", "a", "record.json"));
        Assert.NotNull(alone);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var waiting = Task.Run(() => cache.Find("a", _ => true, cancelled.Token), Token);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private MadeUpCache NewCache(long cacheBytes = 1_000_000) => new(
        new LeaderboardFolders(home.Path, home.At("datasets")),
        new WorkerOptions { CacheBytes = cacheBytes, TimeLimit = TimeSpan.FromMinutes(10) }, clock, NullLogger.Instance);

    private sealed class MadeUpCache(LeaderboardFolders folders, WorkerOptions options, TimeProvider time, ILogger logger)
        : FileCache<PackRecord>("images", PackedFormat.ImagesFile, folders, options, time, logger)
    {
        private static readonly PackRecipe Recipe = PackRecipe.Of("", Goldens.WholeImage);

        public new (string File, PackRecord Record, IDisposable Hold)? Find(
            string key, Func<PackRecord, bool> fits, CancellationToken cancellationToken)
        {
            var found = base.Find(key, fits, cancellationToken);
            found?.Hold.Dispose();
            return found;
        }

        public new CacheClaim? TryBegin(string key) => base.TryBegin(key);

        public new bool TryReserve(CacheClaim claim, string key, long bytes, CancellationToken cancellationToken) =>
            base.TryReserve(claim, key, bytes, cancellationToken);

        public void Publish(string key)
        {
            using var claim = TryBegin(key);
            if (claim is not null)
            {
                File.WriteAllBytes(claim.File, [.. PackedFormat.Header(Count, Size), .. new byte[Count * (int)Size.Bytes]]);
                Publish(claim, key, digest => new PackRecord(Recipe, Count, Size.Width, Size.Height, digest), null, Token);
            }
        }
    }
}
