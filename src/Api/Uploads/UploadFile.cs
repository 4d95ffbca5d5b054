using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Leaderboard.Api.Checkpoints;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Api.Uploads;

/// <summary>The file of an upload, open for the one request that writes to it.</summary>
internal sealed class UploadFile(FileStream file, RunningDigest? digest) : IDisposable
{
    private const int BufferSize = 1 << 20;

    // What a server that is killed may lose of an upload.
    private const int SyncEvery = 32 << 20;

    /// <summary>Where the next byte goes.</summary>
    public long Position { get; private set; }

    public FileStream Stream => file;

    /// <summary>Its digest so far; null where it is not known without reading the file.</summary>
    public RunningDigest? Digest { get; private set; } = digest;

    /// <summary>Drops what lies behind an offset; false where the file ends before it.</summary>
    public bool TryGoTo(long offset)
    {
        if (file.Length < offset)
        {
            return false;
        }
        file.SetLength(offset);
        Position = file.Position = offset;
        Digest = Digest?.Position == offset ? Digest : null;
        return true;
    }

    /// <summary>Appends a body, to its end or as much of it as comes.</summary>
    /// <param name="body">The bytes; a pending read that is cancelled ends them.</param>
    /// <param name="length">What the file may have in the end; a body that goes beyond is refused.</param>
    /// <param name="sync">Called with a position, now and then, to put what lies before it on disk.</param>
    /// <returns>What broke the body off; null where it came whole.</returns>
    public async Task<ExceptionDispatchInfo?> AppendAsync(PipeReader body, long length, Func<long, Task> sync)
    {
        var filled = ArrayPool<byte>.Shared.Rent(BufferSize);
        var written = ArrayPool<byte>.Shared.Rent(BufferSize);
        // While one buffer is filled and hashed, the other is written, and what was written before goes to the disk.
        var (write, syncing, synced) = (Task.CompletedTask, Task.CompletedTask, Position);
        try
        {
            while (true)
            {
                var (count, isLast, broken) = await FillAsync(body, filled.AsMemory(0, BufferSize));
                if (Position + count > length)
                {
                    throw Problems.BodyTooLarge.Because($"The file has {length} bytes, as announced, and more came.");
                }
                Digest?.Append(filled.AsSpan(0, count));
                await write;
                if (Position - synced >= SyncEvery)
                {
                    await syncing;
                    synced = Position;
                    syncing = sync(Position);
                }
                (filled, written) = (written, filled);
                write = file.WriteAsync(written.AsMemory(0, count), CancellationToken.None).AsTask();
                Position += count;
                if (isLast)
                {
                    return broken;
                }
            }
        }
        finally
        {
            await write;
            await syncing;
            ArrayPool<byte>.Shared.Return(filled);
            ArrayPool<byte>.Shared.Return(written);
        }
    }

    /// <summary>Returns once all that was written is on disk.</summary>
    public void Sync() => RandomAccess.FlushToDisk(file.SafeFileHandle);

    /// <summary>The format that its first bytes tell; without one, it is refused.</summary>
    public string Recognise()
    {
        Span<byte> head = stackalloc byte[CheckpointFormat.SniffLength];
        return CheckpointReceiver.Recognise(head[..RandomAccess.Read(file.SafeFileHandle, head, 0)]);
    }

    /// <summary>SHA-256 of all of it, in lower-case hexadecimal.</summary>
    public async Task<string> Sha256Async()
    {
        if (Digest is { } known)
        {
            return Convert.ToHexStringLower(known.Hash.GetHashAndReset());
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await hash.AppendAsync(file, 0, CancellationToken.None);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => file.Dispose();

    // What came before a connection broke is kept.
    private static async Task<(int Count, bool IsLast, ExceptionDispatchInfo? Broken)> FillAsync(
        PipeReader body, Memory<byte> buffer)
    {
        var count = 0;
        try
        {
            while (count < buffer.Length)
            {
                var read = await body.ReadAsync(CancellationToken.None);
                var bytes = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length - count));
                bytes.CopyTo(buffer.Span[count..]);
                count += (int)bytes.Length;
                var isLast = read.IsCompleted && bytes.Length == read.Buffer.Length;
                body.AdvanceTo(bytes.End);
                if (read.IsCanceled)
                {
                    return (count, true, ExceptionDispatchInfo.Capture(new OperationCanceledException()));
                }
                if (isLast)
                {
                    return (count, true, null);
                }
            }
            return (count, false, null);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return (count, true, ExceptionDispatchInfo.Capture(exception));
        }
    }
}
