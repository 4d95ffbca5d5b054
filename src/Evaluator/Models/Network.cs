using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models;

/// <summary>
/// A network that classifies images, as a description: its operations in the order in which they run. An engine runs it
/// with tensors of a file.
/// </summary>
/// <param name="Operations">Each takes the images or what operations before it give.</param>
/// <param name="Features">What the classifier computes on, [N, features].</param>
/// <param name="Logits">What the classifier gives, [N, classes]; null where there is no classifier.</param>
/// <param name="Blocks">
/// Groups of layers that are repeated and that a file must name as groups too: residual blocks, fire modules.
/// Each is the name that its layers' names begin with.
/// </param>
internal sealed record Network(
    IReadOnlyList<Operation> Operations, Value Features, Value? Logits, IReadOnlyList<string> Blocks)
{
    /// <summary>Layers with tensors, in the order of the reference's state dict.</summary>
    public IReadOnlyList<Layer> Layers => [.. Operations.OfType<Layer>()];

    public IEnumerable<ExpectedTensor> Expected => Layers.SelectMany(layer => layer.Expected);

    /// <summary>Sizes of images that it takes; null for any.</summary>
    public TakenSizes? Takes { get; init; }

    /// <summary>The same network up to its features.</summary>
    public Network WithoutClassifier() =>
        this with { Operations = [.. Operations.Take(Features.Index)], Logits = null };

    /// <summary>Number of classes of its classifier; null where it has none.</summary>
    public int? ClassCount => Logits?.Channels;

    /// <summary>Number of trainable numbers.</summary>
    public long ParameterCount => Expected.Where(tensor => tensor.IsTrainable).Sum(tensor => tensor.Count);
}
