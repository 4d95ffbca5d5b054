namespace Leaderboard.Evaluator.Worker.Caching;

/// <summary>Where one cached file is being made, by nobody else as long as this is held.</summary>
/// <param name="claim">Holds it.</param>
/// <param name="folder">The folder to make it in.</param>
/// <param name="fileName">What the file is called.</param>
internal sealed class CacheClaim(FileStream claim, ScratchFolder folder, string fileName) : IDisposable
{
    public string Path => folder.Path;

    /// <summary>The one folder within that a child may write to: a packer's, never a checkpoint's.</summary>
    public string Scratch { get; } = Directory.CreateDirectory(System.IO.Path.Combine(folder.Path, "scratch")).FullName;

    /// <summary>The file as it is published.</summary>
    public string File => System.IO.Path.Combine(Scratch, fileName);

    /// <summary>Takes up so many bytes of the cache's room for a file that comes later: of the disk, none yet.</summary>
    public void Reserve(long bytes)
    {
        using var file = System.IO.File.OpenHandle(File, FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(file, bytes);
    }

    public void Dispose()
    {
        folder.Dispose();
        System.IO.File.Delete(claim.Name);
        claim.Dispose();
    }
}
