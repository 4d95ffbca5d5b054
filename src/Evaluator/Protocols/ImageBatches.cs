using System.Runtime.ExceptionServices;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>
/// Prepares images on threads of its own, a few batches ahead of the forward pass. Each image goes straight to its
/// place in a batch's memory; the memory and every thread's buffers are used again, so that nothing is allocated per
/// image.
/// </summary>
internal sealed class ImageBatches : IDisposable
{
    private const int Ahead = 3;

    private readonly BatchFormat format;
    private readonly ImageSource images;
    private readonly BatchMemory[] memories;
    private readonly object moving = new();
    private readonly Normalisation normalisation;
    private readonly Thread[] threads;
    private readonly EvalTransform transform;
    private readonly int[] waiting = new int[Ahead]; // images of each memory's batch that are not there yet

    private int consumed;       // batches released
    private Exception? failure;
    private int nextBatch;      // the batch that Next hands out
    private int nextSample = -1;
    private bool stopping;

    public ImageBatches(ImageSource images, EvalTransform transform, BatchFormat format, int threadCount)
    {
        (this.images, this.transform, this.format) = (images, transform, format);
        normalisation = new Normalisation(transform);
        memories = [.. Enumerable.Range(0, Ahead).Select(_ => new BatchMemory(format.Size * format.ImageBytes(images.Size)))];
        for (var batch = 0; batch < Ahead; batch++)
        {
            waiting[batch] = CountOf(batch);
        }
        threads = [.. Enumerable.Range(0, images.UsefulThreads(threadCount))
            .Select(i => new Thread(Fill) { Name = $"images {i}", IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
    }

    private int BatchCount => (images.Count + format.Size - 1) / format.Size;

    /// <summary>The next batch, in the order of the samples; null after the last.</summary>
    /// <exception cref="InvalidOperationException">All memories are held by batches that were not released.</exception>
    public ImageBatch? Next()
    {
        if (nextBatch == BatchCount)
        {
            return null;
        }
        lock (moving)
        {
            if (nextBatch == consumed + Ahead)
            {
                throw new InvalidOperationException($"{Ahead} batches are held; one must be released before the next is given.");
            }
            while (waiting[nextBatch % Ahead] > 0 && failure is null)
            {
                Monitor.Wait(moving);
            }
        }
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
        var batch = nextBatch++;
        return new ImageBatch(
            batch * format.Size, CountOf(batch), images.Size, format.Layout, memories[batch % Ahead], normalisation);
    }

    /// <summary>All batches, each waited for when it is asked for.</summary>
    public IEnumerable<ImageBatch> All()
    {
        while (Next() is { } batch)
        {
            yield return batch;
        }
    }

    /// <summary>Gives a batch's memory back; batches are released in the order in which they came.</summary>
    public void Release(ImageBatch batch)
    {
        lock (moving)
        {
            consumed = batch.First / format.Size + 1;
            waiting[(consumed - 1) % Ahead] = CountOf(consumed - 1 + Ahead);
            Monitor.PulseAll(moving);
        }
    }

    public void Dispose()
    {
        lock (moving)
        {
            stopping = true;
            Monitor.PulseAll(moving);
        }
        Array.ForEach(threads, thread => thread.Join());
        Array.ForEach(memories, memory => memory.Dispose());
    }

    private int CountOf(int batch) => (int)Math.Clamp(images.Count - (long)batch * format.Size, 0, format.Size);

    private void Fill()
    {
        try
        {
            using var reader = images.NewReader();
            var writer = new BatchWriter(transform, format, images.Size);
            int sample;
            while ((sample = Interlocked.Increment(ref nextSample)) < images.Count && WaitForRoom(sample / format.Size))
            {
                var slot = sample / format.Size % Ahead;
                writer.Write(reader.Read(sample), memories[slot], sample % format.Size);
                lock (moving)
                {
                    if (--waiting[slot] == 0)
                    {
                        Monitor.PulseAll(moving);
                    }
                }
            }
        }
        catch (Exception unreadable) // handed to the thread that asks for the batch
        {
            Fail(unreadable);
        }
    }

    private bool WaitForRoom(int batch)
    {
        lock (moving)
        {
            while (batch >= consumed + Ahead && !stopping)
            {
                Monitor.Wait(moving);
            }
            return !stopping;
        }
    }

    private void Fail(Exception exception)
    {
        lock (moving)
        {
            failure ??= exception;
            stopping = true;
            Monitor.PulseAll(moving);
        }
    }
}
