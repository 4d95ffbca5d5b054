using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>Batch normalisation by its running statistics; nothing at all where a convolution took it in.</summary>
/// <param name="name">What its tensors' names begin with.</param>
/// <param name="x">What it normalises.</param>
/// <param name="epsilon">Added to the variance.</param>
internal sealed class BatchNorm(string name, Value x, double epsilon) : Layer(name, x)
{
    public double Epsilon => epsilon;

    public override int Channels => Inputs[0].Channels;

    public override IReadOnlyList<ExpectedTensor> Expected { get; } =
    [
        new($"{name}.weight", [x.Channels]),
        new($"{name}.bias", [x.Channels]),
        new($"{name}.running_mean", [x.Channels], IsTrainable: false),
        new($"{name}.running_var", [x.Channels], IsTrainable: false),
        new($"{name}.num_batches_tracked", [], IsTrainable: false, IsOptional: true),
    ];

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => weights.IsFolded(this)
        ? x[0].alias()
        : functional.batch_norm(
            x[0], weights.Get($"{Name}.running_mean"), weights.Get($"{Name}.running_var"),
            weights.Get($"{Name}.weight"), weights.Get($"{Name}.bias"), training: false, eps: epsilon);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        if (graph.IsFolded(this))
        {
            return x[0];
        }
        string[] inputs =
        [
            x[0], graph.Weight($"{Name}.weight"), graph.Weight($"{Name}.bias"),
            graph.Weight($"{Name}.running_mean"), graph.Weight($"{Name}.running_var"),
        ];
        return graph.Add("BatchNormalization", inputs, ("epsilon", (float)epsilon));
    }
}
