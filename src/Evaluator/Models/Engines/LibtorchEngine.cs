using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Engines.Cuda;
using Leaderboard.Evaluator.Models.Operations;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Shared.Evaluations;
using TorchSharp;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>libtorch, on a CPU or a GPU: for TorchScript, for bfloat16, and for whatever runs on CUDA.</summary>
internal sealed class LibtorchEngine : Engine
{
    private readonly TorchSharp.torch.Device device;
    private readonly Func<Tensor, Tensor> forward;
    private readonly IDisposable owner;
    private readonly ScalarType precision;
    private readonly bool tellsChannels;

    static LibtorchEngine()
    {
        Libtorch.Load();
        // Ten bits of mantissa in place of float32's 23: on by default in convolutions on a GPU.
        backends.cudnn.allow_tf32 = backends.cuda.matmul.allow_tf32 = false;
    }

    /// <param name="forward">Logits of images [N, 3, H, W]; whoever calls holds the dispose scope.</param>
    /// <param name="owner">What <paramref name="forward"/> runs on.</param>
    /// <param name="request">Device and precision.</param>
    /// <param name="tellsChannels">
    /// Whether the network is known to take three channels; else it is tried, and if it cannot, one channel.
    /// </param>
    public LibtorchEngine(Func<Tensor, Tensor> forward, IDisposable owner, EngineRequest request, bool tellsChannels)
    {
        this.tellsChannels = tellsChannels;
        (this.forward, this.owner) = (forward, owner);
        (device, precision) = (torch.device(request.Device), PrecisionOf(request));
        Device = request.Device;
    }

    public override string Name => $"libtorch {Libtorch.Version}";

    public override string Device { get; }

    private bool IsGpu => device.type == DeviceType.CUDA;

    public static ScalarType PrecisionOf(EngineRequest request) =>
        request.Precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>A network with its weights.</summary>
    public static LibtorchEngine Load(Network network, Value answer, Weights weights, EngineRequest request)
    {
        set_num_threads(request.Threads);
        var tensors = new TorchWeights(weights, torch.device(request.Device), PrecisionOf(request));
        return new LibtorchEngine(images => Run(network, answer, tensors, images), tensors, request, tellsChannels: true);
    }

    public override BatchFormat FormatOf(ImageSize image)
    {
        var colour = tellsChannels || Takes(3, image) || !Takes(1, image);
        return IsGpu
            ? BatchFormat.ForGpu(colour ? PixelLayout.Bytes : PixelLayout.Luma, image)
            : BatchFormat.ForCpu(colour ? PixelLayout.ChannelsLast : PixelLayout.Luma, image);
    }

    public override Output Forward(ImageBatch batch)
    {
        if (IsGpu)
        {
            return ForwardAll([batch]).Single().Answer;
        }
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        return Guarded(batch, () =>
        {
            var answer = forward(TorchView.Of(batch).to(precision, device));
            var values = answer.to(ScalarType.Float32).contiguous();
            return new Output(values.data<float>().ToArray(), values.shape);
        });
    }

    public override IEnumerable<(ImageBatch Batch, Output Answer)> ForwardAll(IEnumerable<ImageBatch> batches) =>
        IsGpu ? Overlapped(batches) : base.ForwardAll(batches);

    /// <summary>The forward pass alone, on images [N, 3, H, W] of the device and precision; the caller holds the scope.</summary>
    public Tensor Logits(Tensor images)
    {
        using var inference = inference_mode();
        return forward(images);
    }

    public override void Dispose()
    {
        // A TorchScript module makes new handles of its parameters while it is disposed of.
        using var scope = NewDisposeScope();
        owner.Dispose();
    }

    // While the GPU computes on one batch, the next is waited for, copied, and queued behind it.
    private IEnumerable<(ImageBatch Batch, Output Answer)> Overlapped(IEnumerable<ImageBatch> batches)
    {
        using var feed = new CudaFeed(device, precision);
        (ImageBatch Batch, PendingOutput Answer)? earlier = null;
        foreach (var batch in batches)
        {
            var started = Start(batch, feed);
            if (earlier is { } previous)
            {
                yield return (previous.Batch, Guarded(previous.Batch, previous.Answer.Await));
            }
            earlier = (batch, started);
        }
        if (earlier is { } last)
        {
            yield return (last.Batch, Guarded(last.Batch, last.Answer.Await));
        }
    }

    private PendingOutput Start(ImageBatch batch, CudaFeed feed)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        return Guarded(batch, () => feed.Return(forward(feed.Send(batch))));
    }

    private static T Guarded<T>(ImageBatch batch, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (ExternalException e)
        {
            throw LibtorchError.Refuse($"The network fails on images of {batch.Image}", e);
        }
        catch (InvalidCastException)
        {
            throw Refused.Unrecognised("The program gives something else than one tensor of logits.");
        }
    }

    private bool Takes(int channels, ImageSize image)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        try
        {
            forward(zeros([1, channels, image.Height, image.Width], precision, device));
            return true;
        }
        catch (Exception cannot) when (cannot is ExternalException or InvalidCastException)
        {
            return false;
        }
    }

    // Each value is freed as soon as its last reader has run.
    private static Tensor Run(Network network, Value answer, TorchWeights weights, Tensor images)
    {
        var lastReader = new int[network.Operations.Count + 1];
        for (var i = 0; i < network.Operations.Count; i++)
        {
            foreach (var input in network.Operations[i].Inputs)
            {
                lastReader[input.Index] = i;
            }
        }
        var values = new Tensor[network.Operations.Count + 1];
        values[0] = images;
        for (var i = 0; i < answer.Index; i++)
        {
            var operation = network.Operations[i];
            using (var scope = NewDisposeScope())
            {
                values[i + 1] = operation.Run([.. operation.Inputs.Select(input => values[input.Index])], weights)
                    .MoveToOuterDisposeScope();
            }
            foreach (var input in operation.Inputs.Where(input => lastReader[input.Index] == i && input.Index > 0))
            {
                values[input.Index].Dispose();
            }
        }
        return values[answer.Index];
    }
}
