using Leaderboard.Evaluator.Packing;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Where one recipe is being packed, by nobody else as long as this is held.</summary>
internal sealed class PackingFolder(FileStream claim, ScratchFolder folder) : IDisposable
{
    public string Path => folder.Path;

    /// <summary>The one folder within that the packer may write to.</summary>
    public string Scratch { get; } = Directory.CreateDirectory(System.IO.Path.Combine(folder.Path, "scratch")).FullName;

    /// <summary>The file that the packer is to write.</summary>
    public string ImagesFile => System.IO.Path.Combine(Scratch, PackedFormat.ImagesFile);

    public void Dispose()
    {
        folder.Dispose();
        claim.Dispose();
    }
}
