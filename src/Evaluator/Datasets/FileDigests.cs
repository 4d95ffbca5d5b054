using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Hashes files, and remembers what it hashed as git's index does: a file whose size, times and inode are as they were
/// is not read again. Kept for the life of the process and for so many files; thread-safe.
/// </summary>
internal sealed class FileDigests(TimeProvider time)
{
    private const int MostRemembered = 500_000;

    // A file changed this shortly before it was read may change again within the clock tick of its times.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<FileStatus, byte[]> remembered = new();

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
            if (remembered.Count >= MostRemembered)
            {
                remembered.Clear();
            }
            remembered[status] = sha256;
        }
        return (bytes, sha256);
    }
}
