namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>
/// The pixels of one decoded image, 8-bit RGB in rows without gaps; the memory is kept for the next image.
/// </summary>
internal sealed class RgbBuffer
{
    /// <summary>Bytes behind the last pixel that vector code may read.</summary>
    public const int Slack = 64;

    private byte[] memory = [];

    public ImageSize Size { get; private set; }

    public Span<byte> Pixels => memory.AsSpan(0, (int)Size.Bytes);

    public ReadOnlySpan<byte> PixelsWithSlack => memory.AsSpan(0, (int)Size.Bytes + Slack);

    /// <summary>Makes room for an image of this size; what was there is lost.</summary>
    public void Reset(ImageSize size)
    {
        Size = size;
        if (memory.Length < size.Bytes + Slack)
        {
            memory = new byte[size.Bytes + Slack];
        }
    }
}
