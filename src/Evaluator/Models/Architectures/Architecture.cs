using System.Text.RegularExpressions;
using Leaderboard.Evaluator.Checkpoints;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>An architecture that can be recognised and built.</summary>
/// <param name="Name">Its name, as in torchvision where that has it. Variants of one name differ in tensors.</param>
/// <param name="Create">Describes the network for a number of classes.</param>
/// <param name="HeadShape">
/// Shape of the classifier's weight after its first size, the number of classes; null where there is no classifier.
/// </param>
/// <param name="Function">What sets it apart from others with equal tensors; null where there are none.</param>
/// <param name="Convention">
/// The names of the convolutions in its blocks that settle which of several functions with equal tensors is meant.
/// </param>
internal sealed record Architecture(
    string Name, Func<int, Network> Create, long[]? HeadShape, string? Function = null, Regex? Convention = null)
{
    /// <summary>
    /// Describes the network in the sizes that a file's tensors tell, such as the number of a transformer's positions;
    /// null where they do not. <see cref="Create"/> describes it in the published ones.
    /// </summary>
    public Func<StateDict, Func<int, Network>?>? InSizesOf { get; init; }

    /// <summary>
    /// Whether a file's numbers allow it, where another function has equal tensors by the same names; null where they do
    /// not tell. Not asked where the submission names its architecture.
    /// </summary>
    public Func<StateDict, bool>? IsPossible { get; init; }

    /// <summary>Describes the network in a file's sizes, or in the published ones where it tells none.</summary>
    public Func<int, Network> For(StateDict state) => InSizesOf?.Invoke(state) ?? Create;

    /// <summary>Name and function, for messages.</summary>
    public string Described => Function == null ? Name : $"{Name} ({Function})";
}
