using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>
/// The one size in which all images of an evaluation reach the network, shared by all threads. A crop gives it;
/// without one it is the first image's, and every other image must agree.
/// </summary>
/// <param name="Size">Width and height of every transformed image.</param>
/// <param name="SetBy">The image whose size it is; null with a crop.</param>
internal sealed record OutputSize(ImageSize Size, string? SetBy)
{
    /// <summary>Bytes of one transformed image: 8-bit RGB in rows.</summary>
    public int ImageBytes => (int)Size.Bytes;

    /// <summary>Without a crop reads the first image's header; with one, nothing.</summary>
    public static OutputSize Of(EvalTransform transform, ReadOnlySpan<byte> firstFile, string firstName)
    {
        if (transform.Crop is { } crop)
        {
            return new OutputSize(new ImageSize(crop, crop), SetBy: null);
        }
        using var decoder = new ImageDecoder();
        var size = CropGeometry.Of(transform, decoder.ReadSize(firstFile, firstName), firstName).Output;
        return new OutputSize(ImageDecoder.Bounded(firstName, size.Width, size.Height), firstName);
    }
}
