using Leaderboard.Evaluator.Datasets;

namespace Leaderboard.Evaluator.Worker.Caching;

/// <summary>
/// Files that are locked as long as they are open (<c>flock</c>). The kernel lets go when their holder dies, and no child
/// is shown one.
/// </summary>
internal static class FileLock
{
    private const int WouldBlock = 11; // EWOULDBLOCK, of a lock that another holds

    /// <summary>The file for oneself, made if need be; null while anybody else has it, and where it is another user's.</summary>
    public static FileStream? TryAlone(string path)
    {
        try
        {
            return OrNull(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0), path);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The file for oneself, made if need be, once nobody else has it.</summary>
    public static FileStream Alone(string path, CancellationToken cancellationToken) =>
        WhenFree(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, cancellationToken);

    /// <summary>The file together with other readers, once nobody has it alone.</summary>
    public static FileStream Shared(string path, CancellationToken cancellationToken) =>
        WhenFree(path, FileMode.Open, FileAccess.Read, FileShare.Read, cancellationToken);

    /// <summary>Whether the path still leads to the file: it may have been removed, and another be there.</summary>
    public static bool IsAt(this FileStream file, string path)
    {
        var (own, there) = (FileStatus.Of(file.SafeFileHandle), FileStatus.Of(path));
        return there.Kind == FileKind.File && (own.Device, own.Inode) == (there.Device, there.Inode);
    }

    // Whoever has one of these alone has it for a moment: to make room, or to ask whether it is held.
    private static FileStream WhenFree(
        string path, FileMode mode, FileAccess access, FileShare share, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (OrNull(new FileStream(path, mode, access, share), path) is { } file)
                {
                    return file;
                }
            }
            catch (IOException locked) when (locked.HResult == WouldBlock)
            {
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    // It is opened first and locked then: in between it may have been removed.
    private static FileStream? OrNull(FileStream file, string path)
    {
        if (file.IsAt(path))
        {
            return file;
        }
        file.Dispose();
        return null;
    }
}
