using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Models.Operations;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>A network's tensors on libtorch's device, kernels of convolutions channels-last there.</summary>
internal sealed class TorchWeights : IDisposable
{
    private readonly Device device;
    private readonly Dictionary<string, Tensor> derived = [];
    private readonly Dictionary<string, Tensor> tensors = [];
    private readonly Weights weights;

    public TorchWeights(Weights weights, Device device, ScalarType precision)
    {
        (this.weights, this.device) = (weights, device);
        foreach (var name in weights.Names)
        {
            using var scope = NewDisposeScope();
            var tensor = empty([.. weights.ShapeOf(name)], ScalarType.Float32);
            weights.Read(name, MemoryMarshal.Cast<byte, float>(tensor.bytes));
            var placed = tensor.to(precision, device);
            tensors[name] = (placed.dim() == 4 ? placed.ChannelsLast() : placed).DetachFromDisposeScope();
        }
    }

    public Tensor Get(string name) => tensors[name];

    public Tensor? Find(string name) => tensors.GetValueOrDefault(name);

    /// <summary>What follows from the weights and from sizes alone: computed at the first use, then kept.</summary>
    /// <param name="key">Tells it from everything else that is kept.</param>
    /// <param name="compute">Computes it.</param>
    public Tensor Once(string key, Func<Tensor> compute)
    {
        if (!derived.TryGetValue(key, out var tensor))
        {
            derived[key] = tensor = compute().DetachFromDisposeScope();
        }
        return tensor.alias();
    }

    /// <summary>Places in a tensor, where the weights are.</summary>
    public Tensor Indexes(long[] places) => tensor(places, device: device);

    /// <inheritdoc cref="Weights.IsFolded"/>
    public bool IsFolded(BatchNorm norm) => weights.IsFolded(norm);

    public void Dispose()
    {
        foreach (var tensor in tensors.Values.Concat(derived.Values))
        {
            tensor.Dispose();
        }
    }
}

/// <summary>What TorchSharp has no call for.</summary>
internal static class MemoryFormat
{
    /// <summary>The same [N, C, H, W] tensor with a pixel's channels side by side in memory.</summary>
    public static Tensor ChannelsLast(this Tensor images) =>
        images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
