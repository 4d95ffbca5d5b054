using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>
/// Decodes an image file to 8-bit RGB as <c>Image.open(file).convert("RGB")</c> of Pillow does. The format is told by
/// the content, never by the name; EXIF rotation is not applied. Not thread-safe: one decoder a thread.
/// </summary>
internal sealed class ImageDecoder : IDisposable
{
    private readonly JpegDecoder jpeg = new();

    /// <summary>The size that the file's header declares; the pixels are not decoded.</summary>
    public ImageSize ReadSize(ReadOnlySpan<byte> file, string name) =>
        JpegDecoder.Recognises(file) ? jpeg.ReadSize(file, name)
        : BmpDecoder.Recognises(file) ? BmpDecoder.ReadSize(file, name)
        : VipsDecoder.ReadSize(file, name);

    public void Decode(ReadOnlySpan<byte> file, string name, RgbBuffer image)
    {
        if (JpegDecoder.Recognises(file))
        {
            jpeg.Decode(file, name, image);
        }
        else if (BmpDecoder.Recognises(file))
        {
            BmpDecoder.Decode(file, name, image);
        }
        else
        {
            VipsDecoder.Decode(file, name, image);
        }
    }

    public void Dispose() => jpeg.Dispose();

    /// <summary>The size, once it is known to be no decompression bomb's.</summary>
    public static ImageSize Bounded(string name, int width, int height)
    {
        var size = new ImageSize(width, height);
        return size.Pixels <= ImageSize.MostPixels
            ? size
            : throw Unreadable(
                name, FormattableString.Invariant($"{size} pixels are over the limit of {ImageSize.MostPixels}"));
    }

    public static EvaluationFailedException Unreadable(string name, string reason) =>
        new(FailureCodes.ImageUnreadable, $"{name}: {reason}");
}
