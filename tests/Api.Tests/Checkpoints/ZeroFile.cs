namespace Leaderboard.Api.Tests.Checkpoints;

/// <summary>A large file that begins as a checkpoint and holds zeros; it takes no memory.</summary>
internal sealed class ZeroFile(long length, Action<int>? onRead = null) : Stream
{
    private int reads;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, length - Position);
        buffer[..count].Clear();
        if (Position == 0)
        {
            Samples.Checkpoint(0, seed: (int)(length % int.MaxValue)).AsSpan(0, 16).CopyTo(buffer);
        }
        Position += count;
        onRead?.Invoke(++reads);
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
