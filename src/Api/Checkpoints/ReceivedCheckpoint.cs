using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Api.Checkpoints;

/// <summary>
/// A whole upload that is on disk and has no name yet. Disposed uncommitted, it leaves nothing behind.
/// </summary>
internal sealed class ReceivedCheckpoint(CheckpointStore store, FileStream file) : IDisposable
{
    private bool committed;

    public string Sha256 { get; set; } = "";

    public string Format { get; set; } = "";

    public long Size { get; set; }

    /// <summary>Gives the file its digest as its name.</summary>
    public void Commit()
    {
        store.Commit(file, Sha256);
        committed = true;
    }

    /// <summary>Undoes <see cref="Commit"/>.</summary>
    public void TakeBack()
    {
        store.TakeBack(file, Sha256);
        committed = false;
    }

    public void Dispose()
    {
        file.Dispose();
        if (!committed)
        {
            File.Delete(file.Name);
        }
    }
}
