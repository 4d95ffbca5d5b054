using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>Every second pixel, with channels of zeros before and after: He et al. 2015, section 4.2, option A.</summary>
internal sealed class ZeroPaddedShortcut(Value x, int before, int after) : Operation(x)
{
    public override int Channels => before + Inputs[0].Channels + after;

    public override Tensor Run(IReadOnlyList<Tensor> x, TorchWeights weights) => functional.pad(
        x[0][TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)],
        [0, 0, 0, 0, before, after]);

    public override string Write(OnnxGraph graph, IReadOnlyList<string> x)
    {
        var halved = graph.Add(
            "Slice",
            [x[0], graph.Constant([0, 0]), graph.Constant([int.MaxValue, int.MaxValue]), graph.Constant([2, 3]), graph.Constant([2, 2])]);
        return graph.Add("Pad", [halved, graph.Constant([0, before, 0, 0, 0, after, 0, 0])]);
    }
}
