using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models;

/// <summary>
/// A layer that holds tensors. It is described first, at no cost, so that a file can be compared with it; its tensors
/// come from the file alone, and nothing is ever initialised at random.
/// </summary>
internal abstract class Layer(string name) : IDisposable
{
    private readonly Dictionary<string, Tensor> tensors = [];

    public string Name { get; } = name;

    /// <summary>What it needs, in the order of the reference's state dict.</summary>
    public abstract IReadOnlyList<ExpectedTensor> Expected { get; }

    public abstract Tensor Forward(Tensor x);

    /// <summary>Takes one of <see cref="Expected"/> from a file, as float32.</summary>
    public void Fill(ExpectedTensor expected, StoredTensor stored, Device device)
    {
        if (expected.IsOptional)
        {
            return;
        }
        if (expected.Count > int.MaxValue / sizeof(float))
        {
            throw Refused.TooLarge($"{expected.Name} has {expected.Count} numbers; a tensor may take 2 GB.");
        }
        var tensor = empty(expected.Shape, ScalarType.Float32);
        stored.CopyTo(MemoryMarshal.Cast<byte, float>(tensor.bytes));
        tensors[expected.Name] = device.type == DeviceType.CPU ? tensor : tensor.to(device, disposeAfter: true);
    }

    public void Dispose()
    {
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }

    protected Tensor? Get(string suffix) => tensors.GetValueOrDefault($"{Name}.{suffix}");
}

/// <summary>A square two-dimensional convolution.</summary>
internal sealed class Convolution(
    string name, int inputs, int outputs, int kernel, int stride = 1, int padding = 0, bool bias = false) : Layer(name)
{
    public override IReadOnlyList<ExpectedTensor> Expected { get; } = bias
        ? [new($"{name}.weight", [outputs, inputs, kernel, kernel]), new($"{name}.bias", [outputs])]
        : [new($"{name}.weight", [outputs, inputs, kernel, kernel])];

    public override Tensor Forward(Tensor x) => functional.conv2d(
        x, Get("weight")!, Get("bias"), strides: [stride, stride], padding: [padding, padding]);
}

/// <summary>Batch normalisation by its running statistics, epsilon 1e-5 as PyTorch's default.</summary>
internal sealed class BatchNorm(string name, int channels) : Layer(name)
{
    public override IReadOnlyList<ExpectedTensor> Expected { get; } =
    [
        new($"{name}.weight", [channels]),
        new($"{name}.bias", [channels]),
        new($"{name}.running_mean", [channels], IsTrainable: false),
        new($"{name}.running_var", [channels], IsTrainable: false),
        new($"{name}.num_batches_tracked", [], IsTrainable: false, IsOptional: true),
    ];

    public override Tensor Forward(Tensor x) => functional.batch_norm(
        x, Get("running_mean")!, Get("running_var")!, Get("weight"), Get("bias"), training: false, eps: 1e-5);
}

/// <summary>A fully connected layer with bias.</summary>
internal sealed class Linear(string name, int inputs, int outputs) : Layer(name)
{
    public override IReadOnlyList<ExpectedTensor> Expected { get; } =
        [new($"{name}.weight", [outputs, inputs]), new($"{name}.bias", [outputs])];

    public override Tensor Forward(Tensor x) => functional.linear(x, Get("weight")!, Get("bias"));
}
