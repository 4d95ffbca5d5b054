using System.Buffers.Binary;
using System.IO.Compression;
using System.Threading.Channels;

namespace Leaderboard.Api.Archive;

/// <summary>The bytes of a file, decompressed by another thread a few blocks ahead of who reads them.</summary>
internal sealed class ReadAhead : IAsyncDisposable
{
    private const int BlockBytes = 1 << 20;
    private const int Blocks = 4;

    private readonly Channel<ArraySegment<byte>> blocks = Channel.CreateBounded<ArraySegment<byte>>(Blocks);
    private readonly CancellationTokenSource stop = new();
    private readonly ArchiveFile file;
    private readonly Task reading;
    private long fileBytes;

    /// <param name="file">What is read.</param>
    /// <param name="position">How much of it, decompressed, is passed over.</param>
    public ReadAhead(ArchiveFile file, long position)
    {
        this.file = file;
        reading = Task.Run(() => ReadAsync(position));
    }

    /// <summary>Bytes of the file, as it lies there, that were read.</summary>
    public long FileBytes => Interlocked.Read(ref fileBytes);

    /// <returns>Nothing at the end.</returns>
    public async ValueTask<ArraySegment<byte>> NextAsync(CancellationToken cancellationToken)
    {
        while (await blocks.Reader.WaitToReadAsync(cancellationToken))
        {
            if (blocks.Reader.TryRead(out var block))
            {
                return block;
            }
        }
        return default;
    }

    private async Task ReadAsync(long position)
    {
        try
        {
            await using var source = File.OpenRead(file.Path);
            if (file.IsCompressed)
            {
                await ReadCompressedAsync(source, position);
            }
            else
            {
                source.Position = Math.Min(position, source.Length);
                await CopyAsync(source, source);
            }
            blocks.Writer.Complete();
        }
        catch (InvalidDataException exception)
        {
            blocks.Writer.Complete(new DamagedArchiveException($"{file.Path} is no whole gzip file: {exception.Message}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            blocks.Writer.Complete(exception);
        }
    }

    // The last four bytes say how many there were: of a file that was cut in its last block, or that something follows, no other
    // sign is left.
    private async Task ReadCompressedAsync(FileStream source, long position)
    {
        await using var gzip = new GZipStream(source, CompressionMode.Decompress);
        var skipped = await SkipAsync(gzip, position);
        var total = skipped + await CopyAsync(gzip, source);
        var said = new byte[4];
        source.Position = Math.Max(0, source.Length - said.Length);
        if (await source.ReadAtLeastAsync(said, said.Length, throwOnEndOfStream: false) < said.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(said) != (uint)total)
        {
            throw new InvalidDataException("it is truncated, or something stands behind its end.");
        }
    }

    private async Task<long> SkipAsync(Stream stream, long count)
    {
        var buffer = new byte[BlockBytes];
        var skipped = 0L;
        for (int read; skipped < count; skipped += read)
        {
            read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count - skipped)), stop.Token);
            if (read == 0)
            {
                break;
            }
        }
        return skipped;
    }

    private async Task<long> CopyAsync(Stream stream, FileStream source)
    {
        var total = 0L;
        while (true)
        {
            var block = new byte[BlockBytes];
            var read = await stream.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, stop.Token);
            Interlocked.Exchange(ref fileBytes, source.Position);
            total += read;
            if (read > 0)
            {
                await blocks.Writer.WriteAsync(new ArraySegment<byte>(block, 0, read), stop.Token);
            }
            if (read < block.Length)
            {
                return total;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await reading;
        stop.Dispose();
    }
}
