using Leaderboard.Evaluator.Checkpoints;

namespace Leaderboard.Evaluator.Models.Recognising;

/// <summary>What a layer is, as its tensors tell.</summary>
internal enum LayerKind
{
    Convolution,
    BatchNorm,
    Linear,
}

/// <summary>Tensors of one name but for their last part: a layer, whatever it is called.</summary>
/// <param name="Name">What its tensors' names share, for example <c>stage_1.0.conv_a</c>.</param>
/// <param name="Kind">What its tensors make it.</param>
/// <param name="Tensors">By their last part: <c>weight</c>, <c>bias</c>, <c>running_mean</c> …</param>
/// <param name="Place">Its place among the file's layers, from 0.</param>
internal sealed record FileLayer(
    string Name, LayerKind Kind, IReadOnlyDictionary<string, StateEntry> Tensors, int Place)
{
    public IReadOnlyList<long> WeightShape => Tensors["weight"].Tensor.Shape;

    /// <summary>The file's layers in order; null if a tensor belongs to no layer of a kind known here.</summary>
    public static IReadOnlyList<FileLayer>? All(StateDict state)
    {
        var layers = new List<FileLayer>();
        foreach (var group in state.Network.GroupBy(entry => Split(entry.Name!).Layer))
        {
            var tensors = new Dictionary<string, StateEntry>();
            if (!group.All(entry => tensors.TryAdd(Split(entry.Name!).Tensor, entry))
                || KindOf(tensors) is not { } kind)
            {
                return null;
            }
            layers.Add(new FileLayer(group.Key, kind, tensors, layers.Count));
        }
        return layers;
    }

    private static (string Layer, string Tensor) Split(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot < 0 ? ("", name) : (name[..dot], name[(dot + 1)..]);
    }

    private static LayerKind? KindOf(Dictionary<string, StateEntry> tensors)
    {
        if (!tensors.TryGetValue("weight", out var weight))
        {
            return null;
        }
        var others = tensors.Keys.Except(["weight", "bias"]).Order(StringComparer.Ordinal).ToList();
        return (weight.Tensor.Shape.Count, others) switch
        {
            (4, []) => LayerKind.Convolution,
            (2, []) => LayerKind.Linear,
            (1, ["running_mean", "running_var"] or ["num_batches_tracked", "running_mean", "running_var"]) =>
                LayerKind.BatchNorm,
            _ => null,
        };
    }
}
