using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>What an operation of a network gives, as another takes it.</summary>
/// <param name="Index">0 for the network's images, else one more than the operation's place.</param>
/// <param name="Channels">Size of its channels' axis: the second of images, the last of tokens.</param>
internal readonly record struct Value(int Index, int Channels);

/// <summary>
/// One step of a network. It knows how libtorch computes it and how ONNX writes it, side by side, so that both engines
/// run the one description; goldens hold each to the reference.
/// </summary>
internal abstract class Operation(params Value[] inputs)
{
    public IReadOnlyList<Value> Inputs { get; } = inputs;

    /// <summary>Size of the channels' axis of what it gives.</summary>
    public abstract int Channels { get; }

    /// <summary>Computes it by libtorch. It may not change its inputs.</summary>
    public abstract Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights);

    /// <summary>Adds it to a graph of ONNX; the name of what it gives there.</summary>
    public abstract string Write(OnnxGraph graph, IReadOnlyList<string> x);
}

/// <summary>
/// An operation that holds tensors. They are described first, at no cost, so that a file can be compared with them, and
/// come from the file alone: nothing is ever initialised at random.
/// </summary>
/// <param name="name">What its tensors' names begin with in the reference's state dict.</param>
/// <param name="inputs">What it computes on.</param>
internal abstract class Layer(string name, params Value[] inputs) : Operation(inputs)
{
    public string Name { get; } = name;

    /// <summary>What it needs, in the order of the reference's state dict.</summary>
    public abstract IReadOnlyList<ExpectedTensor> Expected { get; }
}
