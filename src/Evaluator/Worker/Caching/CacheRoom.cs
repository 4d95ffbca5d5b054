using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared;
using Microsoft.Extensions.Logging;

namespace Leaderboard.Evaluator.Worker.Caching;

/// <summary>
/// The room that caches of all kinds share. Each kind has a folder in it, with what is kept in folders of their own and
/// what is being made, or removed, in <see cref="Incoming"/>.
/// </summary>
/// <param name="folders">Where files of this installation are.</param>
/// <param name="options">How much room there is.</param>
/// <param name="time">Now.</param>
/// <param name="logger">Told what makes room.</param>
internal sealed partial class CacheRoom(
    LeaderboardFolders folders, WorkerOptions options, TimeProvider time, ILogger logger)
{
    public const string Incoming = "incoming";

    public const UnixFileMode OwnerOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string Suffix = ".safetensors";

    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private static readonly EnumerationOptions Readable = new() { AttributesToSkip = FileAttributes.ReparsePoint };

    // For file systems without locks, where holding a file keeps nobody from removing it.
    private static readonly TimeSpan JustFound = TimeSpan.FromMinutes(1);

    /// <summary>The record beside what is kept in a folder; whoever uses that has it locked.</summary>
    public static string RecordOf(string folder) => Path.Combine(folder, "record.json");

    /// <summary>
    /// Removes the least recently used until there is room for so many bytes, and says how many there is room for. What
    /// somebody holds stays.
    /// </summary>
    public long Make(long bytes)
    {
        RemoveAbandoned();
        var idle = new Queue<Entry>(Entries()
            .Where(entry => time.GetUtcNow() - entry.LastUsed > JustFound && !IsHeld(entry.Folder))
            .OrderBy(entry => entry.LastUsed));
        var attainable = Free() + idle.Sum(entry => entry.Bytes) >= bytes;
        while (attainable && Free() < bytes && idle.TryDequeue(out var oldest))
        {
            using var alone = FileLock.TryAlone(RecordOf(oldest.Folder));
            if (alone is not null)
            {
                LogEvicted(logger, oldest.Folder);
                Remove(oldest.Folder);
            }
        }
        return Math.Max(0, Free());
    }

    /// <summary>Makes room for a claim's file and takes it up; false where there is too little.</summary>
    public bool TryReserve(CacheClaim claim, long bytes, CancellationToken cancellationToken)
    {
        // Two workers would else be told of the same room.
        using var alone = FileLock.Alone(Path.Combine(folders.Cache, "room.lock"), cancellationToken);
        if (Make(bytes) < bytes)
        {
            return false;
        }
        claim.Reserve(bytes);
        return true;
    }

    /// <summary>Removes what workers that were killed were making or removing.</summary>
    public void RemoveAbandoned()
    {
        Directory.CreateDirectory(folders.Cache, OwnerOnly);
        foreach (var folder in Directory.GetDirectories(folders.Cache, "*", Readable)
            .Select(kind => new DirectoryInfo(Path.Combine(kind, Incoming)))
            .Where(makers => makers.Exists)
            .SelectMany(makers => makers.GetDirectories("*", Readable)))
        {
            var claimed = Path.Combine(folder.Parent!.FullName, $"{folder.Name.Split('-')[0]}.lock");
            using var alone = FileLock.TryAlone(claimed);
            if (alone is null)
            {
                continue;
            }
            using var again = FileLock.TryAlone(claimed);
            // Both are given on a file system without locks: there, age alone tells.
            if (again is null || time.GetUtcNow() - folder.LastWriteTimeUtc > options.TimeLimit)
            {
                ScratchFolder.Remove(folder.FullName);
                File.Delete(claimed);
            }
        }
    }

    /// <summary>Removes what is kept in a folder. Renamed first, so that nobody finds half of it; who has it open keeps
    /// it.</summary>
    public void Remove(string folder)
    {
        try
        {
            var makers = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(folder)!, Incoming), OwnerOnly);
            var doomed = Path.Combine(makers.FullName, $"removed-{Guid.CreateVersion7():N}");
            Directory.Move(folder, doomed);
            Directory.Delete(doomed, recursive: true);
        }
        catch (Exception stuck) when (stuck is IOException or UnauthorizedAccessException)
        {
            // Another worker removes it, or whoever makes room next.
            LogStuck(logger, folder, stuck.Message);
        }
    }

    // What is being made has taken its room already.
    private long Free()
    {
        var disk = new DriveInfo(folders.Cache);
        return Math.Min(options.CacheBytes - BytesIn(folders.Cache), disk.AvailableFreeSpace - disk.TotalSize / 10);
    }

    private readonly record struct Entry(string Folder, DateTime LastUsed, long Bytes);

    private IEnumerable<Entry> Entries() => Directory.GetDirectories(folders.Cache, "*", Readable)
        .SelectMany(kind => Directory.GetDirectories(kind, "*", Readable))
        .Where(folder => Path.GetFileName(folder) != Incoming)
        .Select(folder => new Entry(
            folder, DateTime.UnixEpoch.AddTicks(FileStatus.Of(RecordOf(folder)).ModifiedAt / 100), BytesIn(folder)));

    private static long BytesIn(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, $"*{Suffix}", Everywhere).Sum(file => Math.Max(0, FileStatus.Of(file).Bytes));
        }
        catch (DirectoryNotFoundException)
        {
            return 0; // Another worker has removed it.
        }
    }

    // What has lost its record cannot be found, and so not be held.
    private static bool IsHeld(string folder)
    {
        using var alone = FileLock.TryAlone(RecordOf(folder));
        return alone is null;
    }

    [LoggerMessage(2, LogLevel.Information, "{Folder} makes room")]
    private static partial void LogEvicted(ILogger logger, string folder);

    [LoggerMessage(5, LogLevel.Debug, "{Folder} is not removed yet: {Reason}")]
    private static partial void LogStuck(ILogger logger, string folder, string reason);
}
