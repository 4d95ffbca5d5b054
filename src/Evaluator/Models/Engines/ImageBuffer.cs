using Leaderboard.Evaluator.Preprocessing;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>Memory for a batch of normalised images, which an engine reads where it lies.</summary>
/// <param name="capacity">Number of images.</param>
/// <param name="size">Size of each.</param>
internal abstract class ImageBuffer(int capacity, ImageSize size) : IDisposable
{
    public int Capacity { get; } = capacity;

    public ImageSize Size { get; } = size;

    /// <summary>One image, float32 [3, height, width].</summary>
    public abstract Span<float> this[int index] { get; }

    public abstract void Dispose();

    protected int ImageLength => (int)Size.Bytes;
}
