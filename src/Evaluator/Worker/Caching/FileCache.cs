using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Text.Json;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared;
using Microsoft.Extensions.Logging;

namespace Leaderboard.Evaluator.Worker.Caching;

/// <summary>
/// Large files on disk that can be made again, each in a folder named by the digest of what determines it, which appears
/// whole or not at all. Only workers write here; runners are shown a file at a time, read-only. Several workers may share
/// one, and caches of all kinds share one room.
/// </summary>
/// <param name="kind">The cache's folder: what is kept there.</param>
/// <param name="fileName">What its files are called.</param>
/// <param name="folders">Where files of this installation are.</param>
/// <param name="options">How much room there is.</param>
/// <param name="time">Now.</param>
/// <param name="logger">Told what is made again and what makes room.</param>
internal abstract partial class FileCache<TRecord>(
    string kind, string fileName, LeaderboardFolders folders, WorkerOptions options, TimeProvider time, ILogger logger)
    where TRecord : CacheRecord
{
    private const string Incoming = "incoming";
    private const string RecordFile = "record.json";
    private const string Suffix = ".safetensors";
    private const int WouldBlock = 11; // EWOULDBLOCK, of a lock that another holds
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    // For file systems without locks, where holding a file keeps nobody from removing it.
    private static readonly TimeSpan JustFound = TimeSpan.FromMinutes(1);

    private readonly string incoming = Path.Combine(folders.Cache, kind, Incoming);
    private readonly string root = Path.Combine(folders.Cache, kind);
    private readonly ConcurrentDictionary<FileStatus, string> verified = new();

    /// <summary>
    /// Removes the least recently used until there is room for so many bytes, and says how many there is room for. What
    /// somebody holds stays.
    /// </summary>
    public long MakeRoom(long bytes)
    {
        MakeFolders();
        var idle = new Queue<Entry>(Entries()
            .Where(entry => time.GetUtcNow() - entry.LastUsed > JustFound && !IsHeld(entry.Folder))
            .OrderBy(entry => entry.LastUsed));
        var attainable = Room() + idle.Sum(entry => entry.Bytes) >= bytes;
        while (attainable && Room() < bytes && idle.TryDequeue(out var oldest))
        {
            if (Lock(oldest.Folder) is { } alone)
            {
                using (alone)
                {
                    LogEvicted(logger, oldest.Folder);
                    Remove(oldest.Folder);
                }
            }
        }
        return Math.Max(0, Room());
    }

    /// <summary>Removes what was left behind by those who were killed while they made something.</summary>
    public void RemoveAbandoned(TimeSpan olderThan)
    {
        MakeFolders();
        ScratchFolder.RemoveAbandoned(incoming, olderThan, time);
    }

    /// <summary>
    /// What is kept under a key, where there is anything, held until the last member is disposed of: nothing that makes
    /// room removes it. A file of the wrong length or, at its first use by this process, of other bytes than its record
    /// says is removed.
    /// </summary>
    /// <param name="key">Digest of what determines it.</param>
    /// <param name="fits">Whether a record is of what is looked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    protected (string File, TRecord Record, IDisposable Hold)? Find(
        string key, Func<TRecord, bool> fits, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(root, key);
        FileStream? hold = null;
        try
        {
            hold = Hold(folder);
            if (hold is null)
            {
                return null;
            }
            var record = JsonSerializer.Deserialize<TRecord>(hold, LeaderboardJson.Options)
                ?? throw new InvalidDataException("its record is empty");
            var file = Path.Combine(folder, fileName);
            RequireIntact(file, record, fits(record), cancellationToken);
            File.SetLastWriteTimeUtc(hold.SafeFileHandle, time.GetUtcNow().UtcDateTime);
            var found = (file, record, hold);
            hold = null;
            return found;
        }
        catch (Exception damage) when (damage is JsonException or IOException or InvalidDataException or OverflowException)
        {
            LogDamaged(logger, folder, damage.Message);
            Remove(folder);
            return null;
        }
        finally
        {
            hold?.Dispose();
        }
    }

    /// <summary>A folder to make a file in; null while another worker has it. Disposing of it gives the key free.</summary>
    protected CacheClaim? TryBegin(string key)
    {
        MakeFolders();
        try
        {
            // The kernel lets go of the lock when its holder dies.
            var claim = new FileStream(
                Path.Combine(incoming, $"{key}.lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None,
                bufferSize: 0, FileOptions.DeleteOnClose);
            return new CacheClaim(
                claim, ScratchFolder.At(Path.Combine(incoming, Guid.CreateVersion7().ToString("N"))), fileName);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// Makes a file everybody's, after it was checked for what must be in it. Where another worker was first, its is kept.
    /// </summary>
    /// <param name="claim">Where it was made.</param>
    /// <param name="key">Digest of what determines it.</param>
    /// <param name="recordOf">Its record, given its digest.</param>
    /// <param name="addFiles">Writes what else stands in the folder.</param>
    /// <param name="cancellationToken">Ends it.</param>
    protected void Publish(
        CacheClaim claim, string key, Func<string, TRecord> recordOf, Action<string>? addFiles, CancellationToken cancellationToken)
    {
        var ready = Directory.CreateDirectory(Path.Combine(claim.Path, "ready")).FullName;
        var file = Path.Combine(ready, fileName);
        File.Move(claim.File, file);
        var status = FileStatus.Of(file);
        var digest = Digest(file, cancellationToken);
        addFiles?.Invoke(ready);
        File.WriteAllBytes(
            Path.Combine(ready, RecordFile), JsonSerializer.SerializeToUtf8Bytes(recordOf(digest), LeaderboardJson.Options));
        try
        {
            Directory.Move(ready, Path.Combine(root, key));
            verified[status] = digest;
        }
        catch (IOException) when (Directory.Exists(Path.Combine(root, key)))
        {
        }
    }

    private void MakeFolders()
    {
        Directory.CreateDirectory(root, OwnerOnly);
        Directory.CreateDirectory(incoming, OwnerOnly);
    }

    private void RequireIntact(string file, TRecord record, bool fits, CancellationToken cancellationToken)
    {
        var status = FileStatus.Of(file);
        if (status.Kind != FileKind.File || !fits || status.Bytes != record.Length)
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

    private readonly record struct Entry(string Folder, DateTime LastUsed, long Bytes);

    private IEnumerable<Entry> Entries() => Directory.GetDirectories(folders.Cache)
        .SelectMany(Directory.GetDirectories)
        .Where(folder => Path.GetFileName(folder) != Incoming)
        .Select(folder => new Entry(
            folder, File.GetLastWriteTimeUtc(Path.Combine(folder, RecordFile)), BytesIn(folder)));

    // What is being made has taken its room already.
    private long Room()
    {
        var disk = new DriveInfo(root);
        return Math.Min(options.CacheBytes - BytesIn(folders.Cache), disk.AvailableFreeSpace - disk.TotalSize / 10);
    }

    private static long BytesIn(string folder) => Directory.GetFiles(folder, $"*{Suffix}", Everywhere)
        .Sum(file => Math.Max(0, FileStatus.Of(file).Bytes));

    // The kernel lets go of it when its holder dies. No child is shown this file. Null where the folder is gone.
    private static FileStream? Hold(string folder)
    {
        while (Directory.Exists(folder))
        {
            try
            {
                return new FileStream(Path.Combine(folder, RecordFile), FileMode.Open, FileAccess.Read, FileShare.Read);
            }
            catch (IOException locked) when (locked.HResult == WouldBlock)
            {
                // Who makes room asks whether it is held, or renames it: either takes a moment.
                Thread.Sleep(TimeSpan.FromMilliseconds(10));
            }
        }
        return null;
    }

    private static bool IsHeld(string folder)
    {
        using var alone = Lock(folder);
        return alone is null;
    }

    // Null while anybody holds what is there, and where it is gone.
    private static FileStream? Lock(string folder)
    {
        try
        {
            // What has lost its record cannot be found, and so not be held.
            return new FileStream(
                Path.Combine(folder, RecordFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException)
        {
            return null;
        }
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

    [LoggerMessage(1, LogLevel.Warning, "{Folder} is made again: {Damage}")]
    private static partial void LogDamaged(ILogger logger, string folder, string damage);

    [LoggerMessage(2, LogLevel.Information, "{Folder} makes room")]
    private static partial void LogEvicted(ILogger logger, string folder);
}
