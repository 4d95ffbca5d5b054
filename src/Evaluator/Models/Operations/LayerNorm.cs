using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>Layer normalisation over the last axis.</summary>
/// <param name="name">What its tensors' names begin with.</param>
/// <param name="x">What it normalises, [..., channels].</param>
/// <param name="epsilon">Added to the variance.</param>
internal sealed class LayerNorm(string name, Value x, double epsilon) : Layer(name, x)
{
    public override int Channels => Inputs[0].Channels;

    public override IReadOnlyList<ExpectedTensor> Expected { get; } =
        [new($"{name}.weight", [x.Channels]), new($"{name}.bias", [x.Channels])];

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => functional.layer_norm(
        x[0], [Channels], weights.Get($"{Name}.weight"), weights.Get($"{Name}.bias"), epsilon);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) => graph.Add(
        "LayerNormalization", [x[0], graph.Weight($"{Name}.weight"), graph.Weight($"{Name}.bias")],
        ("axis", -1L), ("epsilon", (float)epsilon));
}

/// <summary>Each channel times a number of its own, on the last axis: Touvron et al. 2021, "LayerScale".</summary>
/// <param name="name">Its tensor's name.</param>
/// <param name="x">What it scales, [..., channels].</param>
/// <param name="shape">The tensor's shape, of as many numbers as there are channels.</param>
internal sealed class LayerScale(string name, Value x, long[] shape) : Layer(name, x)
{
    public override int Channels => Inputs[0].Channels;

    public override IReadOnlyList<ExpectedTensor> Expected { get; } = [new(name, shape)];

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) =>
        x[0].mul(weights.Get(Name).reshape(Channels));

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x) => graph.Add(
        "Mul", [x[0], graph.Add("Reshape", [graph.Weight(Name), graph.Constant([Channels])])]);
}
