namespace Leaderboard.Shared.Checkpoints;

/// <summary>
/// The folder that holds every checkpoint once, named by its SHA-256. A file appears under its name only when it is
/// whole and on disk; the folder is for the service alone, the files within are readable so that a sandbox of another
/// user can be given one.
/// </summary>
public sealed class CheckpointStore
{
    private const int NoSpaceLeft = 28;   // ENOSPC
    private const int OverQuota = 122;    // EDQUOT

    private readonly string incoming;
    private readonly string root;

    public CheckpointStore(LeaderboardFolders folders)
    {
        root = folders.Checkpoints;
        incoming = Path.Combine(root, "incoming");
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(root, OwnerOnly);
        Directory.CreateDirectory(incoming, OwnerOnly);
    }

    /// <summary>Room for further checkpoints.</summary>
    public long FreeBytes => new DriveInfo(root).AvailableFreeSpace;

    /// <summary>Whether writing failed for want of room.</summary>
    public static bool IsFull(IOException exception) => exception.HResult is NoSpaceLeft or OverQuota;

    /// <summary>Where a stored checkpoint lies.</summary>
    public string PathOf(string sha256)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
        {
            throw new ArgumentException($"'{sha256}' is no SHA-256 in lower-case hexadecimal.", nameof(sha256));
        }
        return Path.Combine(root, sha256[..2], sha256);
    }

    /// <summary>A new file to write an upload to; the caller commits or deletes it.</summary>
    public FileStream CreateIncoming() => new(
        Path.Combine(incoming, Guid.CreateVersion7().ToString("N")),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        });

    /// <summary>
    /// Moves an upload that is flushed to disk to its digest's place. The same bytes stored twice end as one file.
    /// </summary>
    public void Commit(FileStream upload, string sha256)
    {
        var path = PathOf(sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        upload.Dispose();
        File.Move(upload.Name, path, overwrite: true);
        Folder.Flush(Path.GetDirectoryName(path)!);
        Folder.Flush(root);
    }

    /// <summary>Removes a stored checkpoint.</summary>
    public void Remove(string sha256) => File.Delete(PathOf(sha256));

    /// <summary>Undoes <see cref="Commit"/>: the upload has its own name again.</summary>
    public void TakeBack(FileStream upload, string sha256) => File.Move(PathOf(sha256), upload.Name);

    /// <summary>Removes uploads that a process left behind when it was killed. Called at start, by the one writer.</summary>
    public void RemoveAbandoned(TimeSpan olderThan, TimeProvider time)
    {
        foreach (var file in Directory.EnumerateFiles(incoming))
        {
            if (time.GetUtcNow() - File.GetLastWriteTimeUtc(file) > olderThan)
            {
                File.Delete(file);
            }
        }
    }
}
