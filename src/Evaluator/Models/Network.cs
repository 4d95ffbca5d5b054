using Leaderboard.Evaluator.Checkpoints;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models;

/// <summary>A network that classifies images: described by its layers, filled from a file, then run.</summary>
internal abstract class Network : IDisposable
{
    /// <summary>Number of classes of its classifier.</summary>
    public abstract int ClassCount { get; }

    /// <summary>Layers with tensors, in the order of the reference's state dict.</summary>
    public abstract IReadOnlyList<Layer> Layers { get; }

    /// <summary>
    /// Groups of layers that are repeated and that a file must name as groups too: residual blocks, fire modules.
    /// Each is the name that its layers' names begin with.
    /// </summary>
    public abstract IReadOnlyList<string> Blocks { get; }

    public IEnumerable<ExpectedTensor> Expected => Layers.SelectMany(layer => layer.Expected);

    /// <summary>Number of trainable numbers.</summary>
    public long ParameterCount => Expected.Where(tensor => tensor.IsTrainable).Sum(tensor => tensor.Count);

    /// <summary>Logits [N, classes] of float32 images [N, 3, H, W]. Whoever calls holds the dispose scope.</summary>
    public abstract Tensor Forward(Tensor images);

    /// <summary>Takes every tensor from a file, by the expected tensor's name.</summary>
    public void Fill(IReadOnlyDictionary<string, StateEntry> entries, Device device)
    {
        foreach (var layer in Layers)
        {
            foreach (var expected in layer.Expected.Where(tensor => entries.ContainsKey(tensor.Name)))
            {
                layer.Fill(expected, entries[expected.Name].Tensor, device);
            }
        }
    }

    /// <summary>Computes something and frees all but its result.</summary>
    protected internal static Tensor Scoped(Func<Tensor> compute)
    {
        using var scope = NewDisposeScope();
        return compute().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var layer in Layers)
        {
            layer.Dispose();
        }
    }
}
