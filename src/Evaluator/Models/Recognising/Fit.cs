using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Architectures;

namespace Leaderboard.Evaluator.Models.Recognising;

/// <summary>How a file's tensors fit an architecture, compared by the reference's own names.</summary>
internal sealed class Fit
{
    private const int Shown = 12;

    private readonly IReadOnlyDictionary<string, StateEntry> file;
    private readonly List<(ExpectedTensor Expected, StateEntry Entry)> misshapen = [];
    private readonly List<string> missing = [];

    /// <param name="architecture">The architecture.</param>
    /// <param name="network">Its description for a number of classes.</param>
    /// <param name="file">The file's tensors, see <see cref="ByName"/>.</param>
    public Fit(Architecture architecture, Network network, IReadOnlyDictionary<string, StateEntry> file)
    {
        Architecture = architecture;
        Network = network;
        this.file = file;
        foreach (var expected in network.Expected)
        {
            if (!file.TryGetValue(expected.Name, out var entry))
            {
                if (!expected.IsOptional)
                {
                    missing.Add(expected.Name);
                }
            }
            else if (Fits(expected, entry))
            {
                Entries[expected.Name] = entry;
            }
            else
            {
                misshapen.Add((expected, entry));
            }
        }
    }

    public Architecture Architecture { get; }

    public Network Network { get; }

    /// <summary>Tensors of the file by the name of the network's tensor that they fill.</summary>
    public Dictionary<string, StateEntry> Entries { get; } = [];

    public bool IsComplete => missing.Count + misshapen.Count + LeftOver == 0;

    /// <summary>Share of the tensors, of the file and of the network together, that fit: in [0, 1].</summary>
    public double Share => 2.0 * Entries.Count
        / Math.Max(1, (2 * Entries.Count) + missing.Count + (2 * misshapen.Count) + LeftOver);

    /// <summary>What is missing, misshapen and left over, for people.</summary>
    public string Differences => string.Join("; ", new[]
    {
        List("missing", missing),
        List("misshapen", misshapen.ConvertAll(pair => Describe(pair.Expected, pair.Entry))),
        List("left over", LeftOverNames()),
    }.Where(part => part != ""));

    private int LeftOver => file.Count - Entries.Count - misshapen.Count;

    /// <summary>The tensors that should be the network's, by their names.</summary>
    /// <exception cref="EvaluationFailedException">Two have one name once their prefixes are removed.</exception>
    public static IReadOnlyDictionary<string, StateEntry> ByName(StateDict state)
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

    /// <summary>Whether a tensor is what is expected.</summary>
    public static bool Fits(ExpectedTensor expected, StateEntry entry) =>
        entry.Tensor.Shape.SequenceEqual(expected.Shape) && (expected.IsOptional || entry.Tensor.Dtype.IsFloat);

    private static string Describe(ExpectedTensor expected, StateEntry entry)
    {
        var name = Refused.Printable(entry.FileName);
        return entry.Tensor.Shape.SequenceEqual(expected.Shape)
            ? $"{name} is {entry.Tensor.Dtype.Name} instead of floating-point"
            : $"{name} is {Sizes(entry.Tensor.Shape)} instead of {Sizes(expected.Shape)}";
    }

    private List<string> LeftOverNames()
    {
        var expected = Network.Expected.Select(tensor => tensor.Name).ToHashSet();
        return [.. file.Where(pair => !expected.Contains(pair.Key)).Select(pair => Refused.Printable(pair.Value.FileName))];
    }

    private static string Sizes(IReadOnlyList<long> shape) =>
        $"[{string.Join(", ", shape.Take(Shown))}{(shape.Count > Shown ? ", …" : "")}]";

    private static string List(string what, List<string> names)
    {
        var more = names.Count > Shown ? $" and {names.Count - Shown} more" : "";
        return names.Count == 0 ? "" : $"{what}: {string.Join(", ", names.Take(Shown))}{more}";
    }
}
