using System.IO.MemoryMappedFiles;
using Leaderboard.Evaluator.Protocols;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Features;

/// <summary>A <see cref="FeatureFile"/> as a tensor of libtorch on the CPU, float32 [N, D], mapped and not copied: read only.</summary>
internal sealed unsafe class FeatureTensor : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    /// <exception cref="InvalidDataException">The file is not what N and D make it.</exception>
    public FeatureTensor(string path, int count, int dimension)
    {
        var header = FeatureFile.Header(count, dimension);
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        if (new FileInfo(path).Length != FeatureFile.Length(count, dimension)
            || !new ReadOnlySpan<byte>(start, header.Length).SequenceEqual(header))
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
            throw new InvalidDataException($"{path} does not hold {count} rows of {dimension} features.");
        }
        Values = TorchView.Of((nint)(start + header.Length), [count, dimension], ScalarType.Float32);
    }

    public Tensor Values { get; }

    public void Dispose()
    {
        Values.Dispose();
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
