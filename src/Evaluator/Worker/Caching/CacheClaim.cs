namespace Leaderboard.Evaluator.Worker.Caching;

/// <summary>Where one cached file is being made, by nobody else as long as this is held.</summary>
/// <param name="claim">Holds it.</param>
/// <param name="folder">The folder to make it in.</param>
/// <param name="fileName">What the file is called.</param>
internal sealed class CacheClaim(FileStream claim, ScratchFolder folder, string fileName) : IDisposable
{
    public string Path => folder.Path;

    /// <summary>The one folder within that the child that makes it may write to.</summary>
    public string Scratch { get; } = Directory.CreateDirectory(System.IO.Path.Combine(folder.Path, "scratch")).FullName;

    /// <summary>The file that the child is to write.</summary>
    public string File => System.IO.Path.Combine(Scratch, fileName);

    public void Dispose()
    {
        folder.Dispose();
        claim.Dispose();
    }
}
