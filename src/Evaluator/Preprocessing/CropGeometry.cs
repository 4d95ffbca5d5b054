using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct Window(int Left, int Top, int Width, int Height);

/// <summary>
/// What torchvision's <c>Resize</c> and <c>CenterCrop</c> make of an image of one size: it is resized, the window of it
/// is kept, and this lies at (PadLeft, PadTop) of an output that is black elsewhere.
/// </summary>
internal readonly record struct CropGeometry(
    ImageSize Resized, Window Window, int PadLeft, int PadTop, ImageSize Output)
{
    /// <summary>The geometry for an image; the name is for the message where its long side gets too long.</summary>
    public static CropGeometry Of(EvalTransform transform, ImageSize image, string name)
    {
        var resized = transform.Resize is { } side ? Resize(image, side, name) : image;
        if (transform.Crop is not { } crop)
        {
            return new(resized, new Window(0, 0, resized.Width, resized.Height), 0, 0, resized);
        }
        var (left, width, padLeft) = Centre(resized.Width, crop);
        var (top, height, padTop) = Centre(resized.Height, crop);
        return new(resized, new Window(left, top, width, height), padLeft, padTop, new ImageSize(crop, crop));
    }

    // The short side becomes exactly this long; the long side is truncated, never rounded.
    private static ImageSize Resize(ImageSize image, int side, string name)
    {
        var longSide = (long)side * Math.Max(image.Width, image.Height) / Math.Min(image.Width, image.Height);
        if (longSide > int.MaxValue)
        {
            throw ImageDecoder.Unreadable(name, $"{image} pixels cannot be resized: the long side would get too long");
        }
        return image.Width <= image.Height ? new(side, (int)longSide) : new((int)longSide, side);
    }

    // An image below the crop is padded by half of what it lacks, rounded down on the left and up on the right. Above
    // it, Python's round decides the offset: half to even.
    private static (int Offset, int Kept, int Pad) Centre(int length, int crop) => length < crop
        ? (0, length, (crop - length) / 2)
        : ((int)Math.Round((length - crop) / 2.0, MidpointRounding.ToEven), crop, 0);
}
