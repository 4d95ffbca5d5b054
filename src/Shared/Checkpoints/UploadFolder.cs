namespace Leaderboard.Shared.Checkpoints;

/// <summary>
/// The files of resumable uploads that are not whole yet, beside the checkpoints, so that a whole one is renamed and not
/// copied.
/// </summary>
public sealed class UploadFolder
{
    private const int WouldBlock = 11;   // EWOULDBLOCK

    private readonly string root;

    public UploadFolder(LeaderboardFolders folders)
    {
        root = Path.Combine(folders.Checkpoints, "uploads");
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The file of an upload, made where there is none; null while another has it open.</summary>
    public FileStream? Open(Guid id)
    {
        var path = PathOf(id);
        var isNew = !File.Exists(path);
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
                UnixCreateMode =
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            });
            if (isNew)
            {
                Folder.Flush(root);
            }
            return file;
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            return null;
        }
    }

    public void Remove(Guid id) => File.Delete(PathOf(id));

    /// <summary>The uploads that have a file.</summary>
    public IReadOnlyList<Guid> List() =>
    [
        .. Directory.EnumerateFiles(root)
            .Select(path => Guid.TryParseExact(Path.GetFileName(path), "N", out var id) ? id : (Guid?)null)
            .OfType<Guid>(),
    ];

    private string PathOf(Guid id) => Path.Combine(root, id.ToString("N"));
}
