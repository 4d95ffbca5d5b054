namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>Width and height in pixels.</summary>
internal readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>Pillow's limit for an image that is no decompression bomb, in pixels.</summary>
    public const long MostPixels = 178_956_970;

    public long Pixels => (long)Width * Height;

    /// <summary>Length in bytes of this many pixels as 8-bit RGB.</summary>
    public long Bytes => 3 * Pixels;

    public override string ToString() => FormattableString.Invariant($"{Width} × {Height}");
}
