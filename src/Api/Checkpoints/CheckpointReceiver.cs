using System.Buffers;
using System.Security.Cryptography;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Api.Checkpoints;

/// <summary>
/// Takes a checkpoint off the wire in one pass: counted, hashed, recognised by its first bytes, on disk once.
/// </summary>
internal sealed class CheckpointReceiver(CheckpointStore store, Admission admission)
{
    private const int BufferSize = 1 << 20;

    /// <param name="body">The file, to its end.</param>
    /// <param name="announced">What it must be; null where nothing is announced.</param>
    /// <param name="cancellationToken">Ends the reading, and nothing is kept.</param>
    public async Task<ReceivedCheckpoint> ReceiveAsync(
        Stream body, AnnouncedDigests? announced, CancellationToken cancellationToken)
    {
        var file = store.CreateIncoming();
        var received = new ReceivedCheckpoint(store, file);
        try
        {
            await CopyAsync(body, file, received, announced, cancellationToken);
            return received;
        }
        catch (IOException exception) when (CheckpointStore.IsFull(exception))
        {
            received.Dispose();
            throw Admission.NoRoom();
        }
        catch
        {
            received.Dispose();
            throw;
        }
    }

    private async Task CopyAsync(
        Stream body,
        FileStream file,
        ReceivedCheckpoint received,
        AnnouncedDigests? announced,
        CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var sha512 = announced is { NeedsSha512: true }
            ? IncrementalHash.CreateHash(HashAlgorithmName.SHA512)
            : null;
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
                if (received.Size > admission.MaxBytes)
                {
                    throw admission.TooLarge();
                }
                sha256.AppendData(buffer, 0, count);
                sha512?.AppendData(buffer, 0, count);
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
        received.Sha256 = Convert.ToHexStringLower(sha256.GetHashAndReset());
        announced?.Check(received.Sha256, sha512 is null ? null : Convert.ToHexStringLower(sha512.GetHashAndReset()));
        // Takes long for a large file, so it is done before any transaction begins.
        file.Flush(flushToDisk: true);
    }

    /// <summary>The format that the first bytes of a file tell; without one, it is refused.</summary>
    public static string Recognise(ReadOnlySpan<byte> head) =>
        CheckpointFormat.Sniff(head) ?? throw Problems.CheckpointUnrecognised.Because(
            "The first bytes are those of neither safetensors nor ONNX nor a file by torch.save or torch.jit.save.");
}
