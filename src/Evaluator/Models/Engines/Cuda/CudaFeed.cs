using Leaderboard.Evaluator.Protocols;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Engines.Cuda;

/// <summary>
/// Carries batches to a GPU on a stream of its own, from page-locked memory, while the default stream computes
/// on the batch before: two places on the device, used in turn. Of one thread.
/// </summary>
internal sealed class CudaFeed : IDisposable
{
    private readonly Device device;
    private readonly List<nint> locked = [];
    private readonly Place[] places;
    private readonly ScalarType precision;
    private readonly nint stream;

    private PixelTable? table;
    private int turn;

    public CudaFeed(Device device, ScalarType precision)
    {
        (this.device, this.precision) = (device, precision);
        CudaRuntime.UseDevice(device.index);
        stream = CudaRuntime.NewStream();
        places = [new Place(), new Place()];
    }

    /// <summary>
    /// Starts a batch on its way and gives the normalised images, [N, 3 or 1, H, W], as they will be: what libtorch does with
    /// them waits on the GPU for the copy, and the caller waits for nothing. Before a batch is sent, the answer to the
    /// second last must have been taken (<see cref="PendingOutput.Await"/>), whose place it takes.
    /// </summary>
    public Tensor Send(ImageBatch batch)
    {
        var place = places[turn++ % places.Length];
        var format = new BatchFormat(batch.Layout, batch.Count);
        Lock(batch.Memory);
        place.Pixels ??= Reserve(batch.Memory.Length, batch.Layout);
        CudaRuntime.CopyToDevice(
            TorchView.AddressOf(place.Pixels), batch.Memory.Address, batch.Count * format.ImageBytes(batch.Image), stream);
        CudaRuntime.Record(place.Copied, stream);
        CudaRuntime.Follow(CudaRuntime.DefaultStream, place.Copied);

        var (n, h, w) = (batch.Count, batch.Image.Height, batch.Image.Width);
        if (batch.Layout == PixelLayout.Luma)
        {
            return place.Pixels.narrow(0, 0, n * batch.Image.Pixels).view(n, 1, h, w).to(precision);
        }
        table ??= new PixelTable(batch.Normalisation!, device, precision);
        return table.Normalise(place.Pixels.narrow(0, 0, n * batch.Image.Bytes).view(n, h, w, 3));
    }

    /// <summary>Starts an answer on its way back.</summary>
    public PendingOutput Return(Tensor answer)
    {
        var place = places[(turn - 1) % places.Length];
        // Without blocking, libtorch copies into page-locked memory of its own.
        var values = answer.to(ScalarType.Float32).contiguous().to(CPU, non_blocking: true).DetachFromDisposeScope();
        CudaRuntime.Record(place.Answered, CudaRuntime.DefaultStream);
        return new PendingOutput(values, place.Answered);
    }

    public void Dispose()
    {
        // A run that fails may leave copies and work under way.
        CudaRuntime.Settle(stream);
        CudaRuntime.Settle(CudaRuntime.DefaultStream);
        locked.ForEach(CudaRuntime.UnlockPages);
        Array.ForEach(places, place => place.Dispose());
        table?.Dispose();
        CudaRuntime.DestroyStream(stream);
    }

    private Tensor Reserve(long bytes, PixelLayout layout)
    {
        var reserved = layout == PixelLayout.Bytes
            ? empty(bytes, ScalarType.Byte, device)
            : empty(bytes / sizeof(float), ScalarType.Float32, device);
        // libtorch hands out memory that work queued on the default stream may still write to.
        CudaRuntime.AwaitStream(CudaRuntime.DefaultStream);
        return reserved.DetachFromDisposeScope();
    }

    // Batches come in the same few memories again and again.
    private void Lock(BatchMemory memory)
    {
        if (!locked.Contains(memory.Address))
        {
            CudaRuntime.LockPages(memory.Address, memory.Length);
            locked.Add(memory.Address);
        }
    }

    private sealed class Place : IDisposable
    {
        public nint Copied { get; } = CudaRuntime.NewEvent();

        public nint Answered { get; } = CudaRuntime.NewEvent();

        public Tensor? Pixels { get; set; }

        public void Dispose()
        {
            CudaRuntime.DestroyEvent(Copied);
            CudaRuntime.DestroyEvent(Answered);
            Pixels?.Dispose();
        }
    }
}

/// <summary>An answer on its way from the GPU.</summary>
internal readonly record struct PendingOutput(Tensor Values, nint Arrived)
{
    /// <summary>Waits for the answer and for nothing that was queued after it.</summary>
    public Output Await()
    {
        CudaRuntime.Await(Arrived);
        using (Values)
        {
            return new Output(Values.data<float>().ToArray(), Values.shape);
        }
    }
}
