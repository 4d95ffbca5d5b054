using System.Buffers;
using System.Security.Cryptography;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Checkpoints;
using Microsoft.Extensions.Options;

namespace Leaderboard.Api.Checkpoints;

/// <summary>
/// Takes a checkpoint off the wire in one pass: counted, hashed, recognised by its first bytes, on disk once.
/// </summary>
internal sealed class CheckpointReceiver(CheckpointStore store, IOptions<UploadOptions> options)
{
    private const int BufferSize = 1 << 20;
    private const int NoSpaceLeft = 28;   // ENOSPC

    public long MaxBytes => options.Value.MaxCheckpointBytes;

    public async Task<ReceivedCheckpoint> ReceiveAsync(Stream body, CancellationToken cancellationToken)
    {
        var file = store.CreateIncoming();
        var received = new ReceivedCheckpoint(store, file);
        try
        {
            await CopyAsync(body, file, received, cancellationToken);
            return received;
        }
        catch (IOException exception) when (exception.HResult == NoSpaceLeft)
        {
            received.Dispose();
            throw Problems.StorageFull.Because("Nothing was kept. Tell the operator, or try again later.");
        }
        catch
        {
            received.Dispose();
            throw;
        }
    }

    private async Task CopyAsync(
        Stream body, FileStream file, ReceivedCheckpoint received, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var written = ArrayPool<byte>.Shared.Rent(BufferSize);
        // One buffer is on its way to the disk while the other is filled and hashed.
        var write = Task.CompletedTask;
        try
        {
            int count;
            while ((count = await body.ReadAtLeastAsync(
                buffer.AsMemory(0, BufferSize), BufferSize, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                if (received.Size == 0)
                {
                    received.Format = Recognise(buffer.AsSpan(0, count));
                }
                received.Size += count;
                if (received.Size > MaxBytes)
                {
                    throw TooLarge();
                }
                hash.AppendData(buffer, 0, count);
                await write;
                (buffer, written) = (written, buffer);
                write = file.WriteAsync(written.AsMemory(0, count), cancellationToken).AsTask();
            }
        }
        finally
        {
            await write;
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<byte>.Shared.Return(written);
        }
        if (received.Size == 0)
        {
            throw Problems.CheckpointEmpty.Because("The upload has no bytes. Was the right file sent?");
        }
        // Takes long for a large file, so it is done before any transaction begins.
        file.Flush(flushToDisk: true);
        received.Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public RefusedException TooLarge() =>
        Problems.CheckpointTooLarge.Because($"A checkpoint has at most {MaxBytes} bytes here. Nothing was kept.");

    private static string Recognise(ReadOnlySpan<byte> head) =>
        CheckpointFormat.Sniff(head) ?? throw Problems.CheckpointUnrecognised.Because(
            "The first bytes are those of neither safetensors nor ONNX nor a file by torch.save or torch.jit.save.");
}
