using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>A fully connected layer on the last axis, [..., inputs] to [..., outputs].</summary>
internal sealed class Linear(string name, Value x, int outputs, bool bias = true) : Layer(name, x)
{
    public override int Channels => outputs;

    public override IReadOnlyList<ExpectedTensor> Expected { get; } = bias
        ? [new($"{name}.weight", [outputs, x.Channels]), new($"{name}.bias", [outputs])]
        : [new($"{name}.weight", [outputs, x.Channels])];

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) =>
        functional.linear(x[0], weights.Get($"{Name}.weight"), weights.Find($"{Name}.bias"));

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var product = graph.Product(x[0], $"{Name}.weight");
        return bias ? graph.Add("Add", [product, graph.Weight($"{Name}.bias")]) : product;
    }
}
