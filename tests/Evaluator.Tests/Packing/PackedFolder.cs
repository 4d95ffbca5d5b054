using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Packing;

/// <summary>Images of a folder, from their files and packed.</summary>
internal sealed class PackedFolder : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly EvalTransform transform;

    public PackedFolder(string folder, IReadOnlyList<string> samples, EvalTransform transform)
    {
        (Samples, this.transform) = (samples, transform);
        Files = new FilesRequest(folder, temporary.At("samples"));
        SampleList.Write(Files.List, samples);
    }

    public IReadOnlyList<string> Samples { get; }

    public FilesRequest Files { get; }

    /// <summary>The packed file.</summary>
    public string File => temporary.At("images.safetensors");

    public PackedRequest Request(ImageSize size) => new(File, Samples.Count, size.Width, size.Height);

    public string Scratch => temporary.Path;

    public Packed Pack(long maxBytes = long.MaxValue, List<Progress>? progress = null)
    {
        Packed? packed = null;
        PackCommand.Execute(new PackRequest(Files, transform, File, maxBytes, Threads: 2), message =>
        {
            packed = message as Packed ?? packed;
            if (message is Progress step)
            {
                progress?.Add(step);
            }
        });
        return packed!;
    }

    public ImageFiles OpenFiles() => new(Files.Folder, Files.List, transform);

    public PackedImages OpenPacked(ImageSize size) => new(File, Samples.Count, size);

    public void Dispose() => temporary.Dispose();

    /// <summary>All images of a folder of real data, in ordinal order.</summary>
    public static PackedFolder OfRealData(string name, EvalTransform transform)
    {
        var folder = RealData.At("images", name);
        return new PackedFolder(
            folder,
            [.. Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file).ToUpperInvariant() is ".JPEG" or ".JPG" or ".PNG")
                .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)],
            transform);
    }
}
