using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>
/// Turns image files into the pixels that a network is given, before they are normalised: decode, resize, centre crop,
/// equal to Pillow and torchvision to the byte. Not thread-safe: one transformer a thread, which keeps its buffers.
/// </summary>
internal sealed class ImageTransformer(EvalTransform transform, OutputSize output) : IDisposable
{
    private readonly ImageDecoder decoder = new();
    private readonly RgbBuffer image = new();
    private readonly PillowResize resize = new();
    private readonly ResampleFilter? filter =
        transform.Resize is null ? null : ResampleFilter.Named(transform.Interpolation);

    /// <summary>The size of every transformed image.</summary>
    public OutputSize Output => output;

    /// <summary>Transforms one file.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">The file's name in messages.</param>
    /// <param name="destination">
    /// Takes the pixels, 8-bit RGB in rows; exactly <see cref="OutputSize.ImageBytes"/> long.
    /// </param>
    public void Apply(ReadOnlySpan<byte> file, string name, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, output.ImageBytes);
        decoder.Decode(file, name, image);
        var geometry = CropGeometry.Of(transform, image.Size, name);
        if (geometry.Output != output.Size)
        {
            throw new EvaluationFailedException(
                FailureCodes.ImageSizeVaries,
                $"{name} comes to {geometry.Output} pixels, but {output.SetBy} to {output.Size}; "
                + "without a crop all images must be of one size.");
        }

        var window = geometry.Window;
        var stride = 3 * output.Size.Width;
        if (window.Width < output.Size.Width || window.Height < output.Size.Height)
        {
            destination.Clear();
        }
        var target = destination[((geometry.PadTop * stride) + (3 * geometry.PadLeft))..];
        if (filter is not null)
        {
            resize.Apply(image, geometry.Resized, window, filter, target, stride);
            return;
        }
        for (var y = 0; y < window.Height; y++)
        {
            image.Pixels.Slice(3 * (((window.Top + y) * image.Size.Width) + window.Left), 3 * window.Width)
                .CopyTo(target[(y * stride)..]);
        }
    }

    public void Dispose() => decoder.Dispose();
}
