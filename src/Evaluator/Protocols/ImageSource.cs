using Leaderboard.Evaluator.Preprocessing;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>The transformed images of a dataset in the order of evaluation, wherever they come from.</summary>
internal abstract class ImageSource : IDisposable
{
    public abstract int Count { get; }

    /// <summary>The size of every image as the network is given it.</summary>
    public abstract ImageSize Size { get; }

    /// <summary>How many threads have work in preparing images, of so many that there are.</summary>
    public abstract int UsefulThreads(int available);

    /// <summary>What messages call a sample.</summary>
    public abstract string NameOf(int index);

    /// <summary>A reader for one thread.</summary>
    public abstract ImageReader NewReader();

    public abstract void Dispose();
}

/// <summary>Reads images of a source; its buffers are used again. Not thread-safe.</summary>
internal abstract class ImageReader : IDisposable
{
    /// <summary>
    /// The pixels of one image, 8-bit RGB in rows, until the next is read. Throws
    /// <see cref="EvaluationFailedException"/> naming the sample where it cannot be read.
    /// </summary>
    public abstract ReadOnlySpan<byte> Read(int index);

    public abstract void Dispose();
}
