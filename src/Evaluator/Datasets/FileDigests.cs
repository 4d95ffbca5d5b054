using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Hashes files, and remembers what it hashed as git's index does: a file whose size, times and inode are as they were
/// is not read again. Kept for the life of the process and for so many files; thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="mostRemembered">
/// How many files are remembered, at 155 bytes each (measured): of ImageNet 206 MB, at most 465 MB, which ImageNet and
/// OmniBenchmark fit into together, or Places205.
/// </param>
internal sealed class FileDigests(TimeProvider time, int mostRemembered = 3_000_000)
{

    // A file changed this shortly before it was read may change again within the clock tick of its times.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<FileStatus, byte[]> remembered = new();
    private readonly Lock making = new();

    /// <summary>Length and SHA-256 of a regular file; null where there is none, a symbolic link included.</summary>
    public (long Bytes, byte[] Sha256)? Read(string path)
    {
        var status = FileStatus.Of(path);
        if (status.Kind != FileKind.File)
        {
            return null;
        }
        if (remembered.TryGetValue(status, out var known))
        {
            return (status.Bytes, known);
        }
        var readAt = time.GetUtcNow();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var sha256 = SHA256.HashData(file);
        var bytes = file.Position;
        var changedAt = DateTimeOffset.UnixEpoch.AddTicks(status.ChangedAt / TimeSpan.NanosecondsPerTick);
        if (FileStatus.Of(path) == status && bytes == status.Bytes && readAt - changedAt > Settled)
        {
            MakeRoom();
            remembered[status] = sha256;
        }
        return (bytes, sha256);
    }

    // Whichever half: of files that are read in turn again and again, the half that stays is found each time, where of
    // those last used none would be.
    private void MakeRoom()
    {
        if (remembered.Count < mostRemembered)
        {
            return;
        }
        lock (making)
        {
            // Another thread may have been first.
            if (remembered.Count < mostRemembered)
            {
                return;
            }
            foreach (var (_, file) in remembered.Index().Where(file => file.Index % 2 == 0))
            {
                remembered.TryRemove(file);
            }
        }
    }
}
