using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>Consecutive samples, normalised.</summary>
/// <param name="First">Index of the first sample.</param>
/// <param name="Count">Number of samples.</param>
/// <param name="Images">They are its first ones; valid until the batch is released.</param>
internal sealed record ImageBatch(int First, int Count, ImageBuffer Images);

/// <summary>
/// Reads, decodes and transforms samples on several threads, a few batches ahead of the forward pass. Each image goes
/// straight to its place in a batch's memory; the memory and every thread's buffers are used again, so that nothing is
/// allocated per image.
/// </summary>
internal sealed class ImageBatches : IDisposable
{
    // Of the sizes tried on two cores, eight images of 224 x 224 kept a ResNet-50 fastest; small images share as much.
    private const int PixelsPerBatch = 8 * 224 * 224;
    private const int MaxBatchSize = 256;
    private const int Ahead = 3;

    private readonly int batchSize;
    private readonly string dataset;
    private readonly object moving = new();
    private readonly OutputSize output;
    private readonly IReadOnlyList<string> samples;
    private readonly Slot[] slots;
    private readonly Thread[] threads;
    private readonly EvalTransform transform;

    private int consumed;       // batches released
    private Exception? failure;
    private int nextBatch;      // the batch that Next hands out
    private int nextSample = -1;
    private bool stopping;

    public ImageBatches(
        string dataset, IReadOnlyList<string> samples, EvalTransform transform, Engine engine, int threadCount)
    {
        (this.dataset, this.samples, this.transform) = (dataset, samples, transform);
        output = SampleReader.OutputSizeOf(dataset, transform, samples[0]);
        batchSize = (int)Math.Clamp(PixelsPerBatch / output.Size.Pixels, 1, MaxBatchSize);
        slots = [.. Enumerable.Range(0, Ahead).Select(_ => new Slot(engine.CreateBuffer(batchSize, output.Size)))];
        for (var batch = 0; batch < Ahead; batch++)
        {
            slots[batch].Waiting = CountOf(batch);
        }
        threads = [.. Enumerable.Range(0, threadCount).Select(i => new Thread(Fill) { Name = $"images {i}", IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
    }

    private int BatchCount => (samples.Count + batchSize - 1) / batchSize;

    /// <summary>The next batch, in the order of the samples; null after the last.</summary>
    public ImageBatch? Next()
    {
        if (nextBatch == BatchCount)
        {
            return null;
        }
        var slot = slots[nextBatch % Ahead];
        lock (moving)
        {
            while (slot.Waiting > 0 && failure is null)
            {
                Monitor.Wait(moving);
            }
        }
        if (failure is not null)
        {
            throw failure is EvaluationFailedException known
                ? new EvaluationFailedException(known.Code, known.Message)
                : new InvalidOperationException("An image could not be prepared.", failure);
        }
        var count = CountOf(nextBatch);
        return new ImageBatch(nextBatch++ * batchSize, count, slot.Images);
    }

    /// <summary>Gives a batch's memory back; batches are released in the order in which they came.</summary>
    public void Release(ImageBatch batch)
    {
        lock (moving)
        {
            consumed = batch.First / batchSize + 1;
            slots[(consumed - 1) % Ahead].Waiting = CountOf(consumed - 1 + Ahead);
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
        Array.ForEach(slots, slot => slot.Dispose());
    }

    private int CountOf(int batch) => Math.Clamp(samples.Count - batch * batchSize, 0, batchSize);

    private void Fill()
    {
        using var reader = new SampleReader(dataset, transform, output);
        int sample;
        while ((sample = Interlocked.Increment(ref nextSample)) < samples.Count && WaitForRoom(sample / batchSize))
        {
            var slot = slots[sample / batchSize % Ahead];
            try
            {
                reader.Read(samples[sample], slot.Images[sample % batchSize]);
            }
            catch (Exception unreadable) // handed to the thread that asks for the batch
            {
                Fail(unreadable);
                return;
            }
            lock (moving)
            {
                if (--slot.Waiting == 0)
                {
                    Monitor.PulseAll(moving);
                }
            }
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

    /// <summary>The memory of one batch.</summary>
    private sealed class Slot(ImageBuffer images) : IDisposable
    {
        public ImageBuffer Images { get; } = images;

        /// <summary>Images of this batch that are not there yet.</summary>
        public int Waiting { get; set; }

        public void Dispose() => Images.Dispose();
    }
}
