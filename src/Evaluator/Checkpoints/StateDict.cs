namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>A tensor of a checkpoint and what it is called.</summary>
/// <param name="FileName">Its name in the file.</param>
/// <param name="Name">Its name within the network, wrappers' prefixes removed; null where it is no part of it.</param>
/// <param name="Tensor">Its elements, still in the file.</param>
internal sealed record StateEntry(string FileName, string? Name, StoredTensor Tensor);

/// <summary>A checkpoint's tensors as one flat, ordered list, whatever they were wrapped in.</summary>
internal sealed class StateDict
{
    private StateDict(IReadOnlyList<StateEntry> tensors, IReadOnlyList<string> skipped, bool isInDefinitionOrder)
    {
        Tensors = tensors;
        Network = [.. tensors.Where(tensor => tensor.Name != null)];
        Skipped = skipped;
        IsInDefinitionOrder = isInDefinitionOrder;
    }

    /// <summary>Every tensor beside each other in the file, in the file's order.</summary>
    public IReadOnlyList<StateEntry> Tensors { get; }

    /// <summary>Those that should belong to the network.</summary>
    public IReadOnlyList<StateEntry> Network { get; }

    /// <summary>The network's tensor of this name; null where there is none.</summary>
    public StateEntry? Find(string name) => Network.FirstOrDefault(entry => entry.Name == name);

    /// <summary>Entries that are no part of the network: an optimiser's state, numbers, a second encoder.</summary>
    public IReadOnlyList<string> Skipped { get; }

    /// <inheritdoc cref="CheckpointFile.IsInDefinitionOrder"/>
    public bool IsInDefinitionOrder { get; }

    /// <param name="file">The checkpoint.</param>
    /// <param name="weights">
    /// <c>model</c> or <c>ema</c>, where the file holds plain and averaged weights; null where it need not be said.
    /// </param>
    public static StateDict Of(CheckpointFile file, string? weights)
    {
        if (weights is not (null or "model" or "ema"))
        {
            throw Refused.Ambiguous($"weights is {Refused.Quote(weights)}; it must be model or ema.");
        }
        if (file.Saved is not PickleDict saved)
        {
            throw Refused.Unrecognised("The file holds no named tensors. " + Refused.SendInstead);
        }
        var skipped = new List<string>();
        var unwrapped = Wrappers.Unwrap(saved, weights, skipped);
        var tensors = new List<StateEntry>();
        foreach (var (name, value) in unwrapped.Named)
        {
            if (value is StoredTensor tensor)
            {
                tensors.Add(new StateEntry(name, name, tensor));
            }
            else
            {
                skipped.Add(name);
            }
        }
        if (tensors.Count == 0)
        {
            var found = string.Join(", ", saved.Named.Take(8).Select(item => Refused.Quote(item.Name)));
            throw Refused.Unrecognised(
                $"The file holds no tensors of a network; at its top are: {(found == "" ? "nothing" : found)}.");
        }
        return new StateDict(Prefixes.Strip(tensors, weights, skipped), skipped, file.IsInDefinitionOrder);
    }
}
