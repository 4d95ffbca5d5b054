using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Text.Json;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared;
using Microsoft.Extensions.Logging;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// Packed datasets on disk, each a folder named by its recipe's digest that appears whole or not at all. Only workers
/// write here; runners are shown a file of images at a time, read-only. Several workers may share one.
/// </summary>
internal sealed partial class ImageCache(
    LeaderboardFolders folders, WorkerOptions options, TimeProvider time, ILogger<ImageCache> logger)
{
    private const string RecordFile = "packed.json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    // Somebody who has just found a file has yet to open it.
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(1);

    private readonly string incoming = Path.Combine(folders.Cache, "images", "incoming");
    private readonly string root = Path.Combine(folders.Cache, "images");
    private readonly ConcurrentDictionary<FileStatus, string> verified = new();

    /// <summary>
    /// The packed images of a recipe, where there are any. A file of the wrong length or, at its first use by this
    /// process, of other bytes than its record says is removed.
    /// </summary>
    public PackedDataset? Find(PackRecipe recipe, int count, CancellationToken cancellationToken)
    {
        var folder = FolderOf(recipe);
        if (!Directory.Exists(folder))
        {
            return null;
        }
        try
        {
            var record = JsonSerializer.Deserialize<PackRecord>(
                File.ReadAllBytes(Path.Combine(folder, RecordFile)), LeaderboardJson.Options)
                ?? throw new InvalidDataException("its record is empty");
            var file = Path.Combine(folder, PackedFormat.ImagesFile);
            RequireIntact(file, record, count, cancellationToken);
            File.SetLastWriteTimeUtc(Path.Combine(folder, RecordFile), time.GetUtcNow().UtcDateTime);
            return new PackedDataset(file, record with { Recipe = recipe });
        }
        catch (Exception damage) when (damage is JsonException or IOException or InvalidDataException or OverflowException)
        {
            LogDamaged(folder, damage.Message);
            Remove(folder);
            return null;
        }
    }

    /// <summary>
    /// A folder to pack a recipe in; null while another worker has it. Disposing of it gives the recipe free.
    /// </summary>
    public PackingFolder? TryBegin(PackRecipe recipe)
    {
        MakeFolders();
        try
        {
            // The kernel lets go of the lock when its holder dies.
            var claim = new FileStream(
                Path.Combine(incoming, $"{recipe.Key()}.lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None,
                bufferSize: 0, FileOptions.DeleteOnClose);
            return new PackingFolder(claim, ScratchFolder.At(Path.Combine(incoming, Guid.CreateVersion7().ToString("N"))));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// Removes the least recently used until there is room for so many bytes, and says how many there is room for.
    /// </summary>
    public long MakeRoom(long bytes)
    {
        var idle = new Queue<Entry>(Entries()
            .Where(entry => time.GetUtcNow() - entry.LastUsed > InUse).OrderBy(entry => entry.LastUsed));
        while (Room() < bytes && bytes <= options.CacheBytes && idle.TryDequeue(out var oldest))
        {
            LogEvicted(oldest.Folder);
            Remove(oldest.Folder);
        }
        return Math.Max(0, Room());
    }

    /// <summary>
    /// Makes packed images everybody's: those in the file, which was checked for length and header, with their targets.
    /// Where another worker was first, its are kept.
    /// </summary>
    public void Publish(
        PackingFolder packing, PackRecipe recipe, ImageSize size, IReadOnlyList<int> targets, CancellationToken cancellationToken)
    {
        var ready = Directory.CreateDirectory(Path.Combine(packing.Path, "ready")).FullName;
        var file = Path.Combine(ready, PackedFormat.ImagesFile);
        File.Move(packing.ImagesFile, file);
        var status = FileStatus.Of(file);
        var digest = Digest(file, cancellationToken);
        PackedFormat.WriteTargets(Path.Combine(ready, PackedFormat.TargetsFile), targets);
        var record = new PackRecord(recipe, targets.Count, size.Width, size.Height, digest);
        File.WriteAllBytes(
            Path.Combine(ready, RecordFile), JsonSerializer.SerializeToUtf8Bytes(record, LeaderboardJson.Options));
        try
        {
            Directory.Move(ready, FolderOf(recipe));
            verified[status] = digest;
        }
        catch (IOException) when (Directory.Exists(FolderOf(recipe)))
        {
        }
    }

    /// <summary>Removes what packing left behind that was killed.</summary>
    public void RemoveAbandoned(TimeSpan olderThan)
    {
        MakeFolders();
        ScratchFolder.RemoveAbandoned(incoming, olderThan, time);
    }

    private void MakeFolders()
    {
        Directory.CreateDirectory(root, OwnerOnly);
        Directory.CreateDirectory(incoming, OwnerOnly);
    }

    private string FolderOf(PackRecipe recipe) => Path.Combine(root, recipe.Key());

    private void RequireIntact(string file, PackRecord record, int count, CancellationToken cancellationToken)
    {
        var status = FileStatus.Of(file);
        if (status.Kind != FileKind.File || record.Count != count
            || status.Bytes != PackedFormat.Length(record.Count, record.Size))
        {
            throw new InvalidDataException("its length is not what its record says");
        }
        if (verified.TryGetValue(status, out var known) && known == record.Xxh128)
        {
            return;
        }
        if (Digest(file, cancellationToken) != record.Xxh128)
        {
            throw new InvalidDataException("its bytes have changed");
        }
        verified[status] = record.Xxh128;
    }

    private static string Digest(string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var hash = new XxHash128();
        var buffer = new byte[1 << 20];
        for (long position = 0; RandomAccess.Read(file, buffer, position) is var read and > 0; position += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.Append(buffer.AsSpan(0, read));
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private readonly record struct Entry(string Folder, DateTime LastUsed);

    private IEnumerable<Entry> Entries() =>
        Directory.Exists(root)
            ? Directory.GetDirectories(root).Where(folder => folder != incoming)
                .Select(folder => new Entry(folder, File.GetLastWriteTimeUtc(Path.Combine(folder, RecordFile))))
            : [];

    // What is being packed has taken its room already.
    private long Room()
    {
        var used = Directory.GetFiles(root, PackedFormat.ImagesFile, Everywhere)
            .Sum(file => Math.Max(0, FileStatus.Of(file).Bytes));
        var disk = new DriveInfo(root);
        return Math.Min(options.CacheBytes - used, disk.AvailableFreeSpace - disk.TotalSize / 10);
    }

    // Renamed first, so that nobody finds half of it; who has it open keeps it.
    private void Remove(string folder)
    {
        try
        {
            var doomed = Path.Combine(incoming, $"removed-{Guid.CreateVersion7():N}");
            Directory.Move(folder, doomed);
            Directory.Delete(doomed, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another worker removes it.
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Packed images {Folder} are made again: {Damage}")]
    private partial void LogDamaged(string folder, string damage);

    [LoggerMessage(2, LogLevel.Information, "Packed images {Folder} make room")]
    private partial void LogEvicted(string folder);
}
