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
/// one, and caches of all kinds share one <see cref="CacheRoom"/>.
/// </summary>
/// <param name="kind">The cache's folder: what is kept there.</param>
/// <param name="fileName">What its files are called.</param>
/// <param name="folders">Where files of this installation are.</param>
/// <param name="options">How much room there is.</param>
/// <param name="time">Now.</param>
/// <param name="logger">Told what is made again.</param>
internal abstract partial class FileCache<TRecord>(
    string kind, string fileName, LeaderboardFolders folders, WorkerOptions options, TimeProvider time, ILogger logger)
    where TRecord : CacheRecord
{
    private readonly string incoming = Path.Combine(folders.Cache, kind, CacheRoom.Incoming);
    private readonly string root = Path.Combine(folders.Cache, kind);
    private readonly ConcurrentDictionary<FileStatus, string> verified = new();

    /// <summary>What it shares with caches of other kinds.</summary>
    public CacheRoom Room { get; } = new(folders, options, time, logger);

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
            if (!Directory.Exists(folder))
            {
                return null;
            }
            hold = FileLock.Shared(CacheRoom.RecordOf(folder), cancellationToken);
            var record = JsonSerializer.Deserialize<TRecord>(hold, LeaderboardJson.Options)
                ?? throw new InvalidDataException("its record is empty");
            var file = Path.Combine(folder, fileName);
            RequireIntact(file, record, fits(record), cancellationToken);
            File.SetLastWriteTimeUtc(hold.SafeFileHandle, time.GetUtcNow().UtcDateTime);
            var found = (file, record, hold);
            hold = null;
            return found;
        }
        catch (Exception damage) when (damage is JsonException or InvalidDataException or OverflowException
            or FileNotFoundException or DirectoryNotFoundException)
        {
            LogDamaged(logger, folder, damage.Message);
            hold ??= FileLock.TryAlone(CacheRoom.RecordOf(folder));
            // Another worker may have found the same, and have made it again.
            if (hold is not null && hold.IsAt(CacheRoom.RecordOf(folder)))
            {
                Room.Remove(folder);
            }
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(logger, folder, fault.Message);
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
        var claim = FileLock.TryAlone(Path.Combine(incoming, $"{key}.lock"));
        if (claim is null)
        {
            return null;
        }
        try
        {
            // Named by its key too: by the lock others tell whether it is abandoned.
            return new CacheClaim(claim, ScratchFolder.At(Path.Combine(incoming, $"{key}-{Guid.CreateVersion7():N}")), fileName);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            claim.Dispose();
            return null;
        }
    }

    /// <summary>Makes room for a claim's file and takes it up; false where it cannot be kept, for whatever reason.</summary>
    protected bool TryReserve(CacheClaim claim, string key, long bytes, CancellationToken cancellationToken)
    {
        try
        {
            // What is there all the same can be neither read nor removed.
            return !Directory.Exists(Path.Combine(root, key)) && Room.TryReserve(claim, bytes, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogNotKept(logger, key, fault.Message);
            return false;
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
            CacheRoom.RecordOf(ready), JsonSerializer.SerializeToUtf8Bytes(recordOf(digest), LeaderboardJson.Options));
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
        Directory.CreateDirectory(root, CacheRoom.OwnerOnly);
        Directory.CreateDirectory(incoming, CacheRoom.OwnerOnly);
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

    [LoggerMessage(1, LogLevel.Warning, "{Folder} is made again: {Damage}")]
    private static partial void LogDamaged(ILogger logger, string folder, string damage);

    [LoggerMessage(3, LogLevel.Warning, "{Folder} cannot be read: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string folder, string reason);

    [LoggerMessage(4, LogLevel.Warning, "{Key} is not kept: {Reason}")]
    private static partial void LogNotKept(ILogger logger, string key, string reason);
}
