namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>A Python dict: pairs in the order of their first insertion, the last value of a key.</summary>
internal sealed class PickleDict
{
    private Dictionary<string, int>? places;
    private List<KeyValuePair<object?, object?>>? items;

    public IReadOnlyList<KeyValuePair<object?, object?>> Items =>
        items ?? (IReadOnlyList<KeyValuePair<object?, object?>>)[];

    /// <summary>The pairs whose key is a string.</summary>
    public IEnumerable<(string Name, object? Value)> Named =>
        Items.Where(item => item.Key is string).Select(item => ((string)item.Key!, item.Value));

    // Keys that are no strings (an optimiser's parameter numbers) are kept without looking for an earlier equal one:
    // nothing looks them up.
    public void Set(object? key, object? value)
    {
        items ??= [];
        if (key is string name)
        {
            places ??= [];
            if (places.TryGetValue(name, out var place))
            {
                items[place] = new(name, value);
                return;
            }
            places[name] = items.Count;
        }
        items.Add(new(key, value));
    }
}
