using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Architectures;

namespace Leaderboard.Evaluator.Models.Recognising;

/// <summary>How a file's tensors fit an architecture, compared by the reference's own names.</summary>
internal sealed class Fit
{
    private const int Shown = 12;

    private readonly List<string> leftOver;
    private readonly List<string> misshapen = [];
    private readonly List<string> missing = [];

    public Fit(Architecture architecture, Network network, StateDict state)
    {
        Architecture = architecture;
        Network = network;
        var byName = ByName(state);
        foreach (var expected in network.Expected)
        {
            if (!byName.Remove(expected.Name, out var entry))
            {
                if (!expected.IsOptional)
                {
                    missing.Add(expected.Name);
                }
            }
            else if (Describe(expected, entry) is { } difference)
            {
                misshapen.Add(difference);
            }
            else
            {
                Entries[expected.Name] = entry;
            }
        }
        leftOver = [.. byName.Values.Select(entry => Refused.Printable(entry.FileName))];
    }

    public Architecture Architecture { get; }

    public Network Network { get; }

    /// <summary>Tensors of the file by the name of the network's tensor that they fill.</summary>
    public Dictionary<string, StateEntry> Entries { get; } = [];

    public bool IsComplete => missing.Count + misshapen.Count + leftOver.Count == 0;

    /// <summary>Share of the tensors, of the file and of the network together, that fit: in [0, 1].</summary>
    public double Share => 2.0 * Entries.Count
        / Math.Max(1, (2 * Entries.Count) + missing.Count + (2 * misshapen.Count) + leftOver.Count);

    /// <summary>What is missing, misshapen and left over, for people.</summary>
    public string Differences => string.Join("; ", new[]
    {
        List("missing", missing), List("misshapen", misshapen), List("left over", leftOver),
    }.Where(part => part != ""));

    /// <summary>How a tensor differs from what is expected; null where it does not.</summary>
    public static string? Describe(ExpectedTensor expected, StateEntry entry)
    {
        var name = Refused.Printable(entry.FileName);
        if (!entry.Tensor.Shape.SequenceEqual(expected.Shape))
        {
            return $"{name} is {Sizes(entry.Tensor.Shape)} instead of {Sizes(expected.Shape)}";
        }
        return expected.IsOptional || entry.Tensor.Dtype.IsFloat
            ? null
            : $"{name} is {entry.Tensor.Dtype.Name} instead of floating-point";
    }

    private static Dictionary<string, StateEntry> ByName(StateDict state)
    {
        var byName = new Dictionary<string, StateEntry>();
        foreach (var entry in state.Network)
        {
            if (!byName.TryAdd(entry.Name!, entry))
            {
                throw Refused.Ambiguous(
                    $"{Refused.Quote(entry.FileName)} and {Refused.Quote(byName[entry.Name!].FileName)} are the same "
                    + "tensor once their prefixes are removed.");
            }
        }
        return byName;
    }

    private static string Sizes(IReadOnlyList<long> shape) =>
        $"[{string.Join(", ", shape.Take(Shown))}{(shape.Count > Shown ? ", …" : "")}]";

    private static string List(string what, List<string> names)
    {
        var more = names.Count > Shown ? $" and {names.Count - Shown} more" : "";
        return names.Count == 0 ? "" : $"{what}: {string.Join(", ", names.Take(Shown))}{more}";
    }
}
