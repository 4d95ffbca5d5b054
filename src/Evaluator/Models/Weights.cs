using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models;

/// <summary>
/// A network's tensors, read from the checkpoint one at a time as an engine asks for them, float32. A batch norm right
/// behind a convolution that nothing else reads is folded into it: y = s·(Wx + b − mean) + beta, s = gamma / √(var + ε),
/// is a convolution by s·W with the bias s·(b − mean) + beta.
/// </summary>
internal sealed class Weights
{
    private readonly IReadOnlyDictionary<string, StateEntry> entries;
    private readonly Dictionary<string, ExpectedTensor> expected = [];
    private readonly HashSet<BatchNorm> folded = [];
    private readonly Dictionary<string, (Convolution Convolution, BatchNorm Norm)> folds = [];

    /// <param name="network">The network.</param>
    /// <param name="entries">Tensors of the file by the name of the network's tensor that they fill.</param>
    public Weights(Network network, IReadOnlyDictionary<string, StateEntry> entries)
    {
        this.entries = entries;
        foreach (var tensor in network.Expected.Where(tensor => entries.ContainsKey(tensor.Name) && !tensor.IsOptional))
        {
            if (tensor.Count > int.MaxValue / sizeof(float))
            {
                throw Refused.TooLarge($"{tensor.Name} has {tensor.Count} numbers; a tensor may take 2 GB.");
            }
            expected.Add(tensor.Name, tensor);
        }
        Fold(network);
    }

    /// <summary>Names of all tensors, those of folded batch norms left out.</summary>
    public IReadOnlyCollection<string> Names => expected.Keys;

    /// <summary>Whether a tensor of this name is there, be it from the file or by folding.</summary>
    public bool Has(string name) => expected.ContainsKey(name);

    public IReadOnlyList<long> ShapeOf(string name) => expected[name].Shape;

    public int CountOf(string name) => (int)expected[name].Count;

    /// <summary>Whether a convolution took this batch norm in.</summary>
    public bool IsFolded(BatchNorm norm) => folded.Contains(norm);

    /// <summary>Writes a tensor's <see cref="CountOf"/> numbers in row-major order.</summary>
    public void Read(string name, Span<float> into)
    {
        if (!folds.TryGetValue(name, out var fold))
        {
            entries[name].Tensor.CopyTo(into);
            return;
        }
        var (scale, shift) = Affine(fold.Norm);
        var bias = $"{fold.Convolution.Name}.bias";
        if (name == bias)
        {
            var before = entries.ContainsKey(bias) ? Stored(bias) : new float[into.Length];
            for (var i = 0; i < into.Length; i++)
            {
                into[i] = (float)((before[i] * scale[i]) + shift[i]);
            }
            return;
        }
        entries[name].Tensor.CopyTo(into);
        var length = into.Length / scale.Length;
        for (var i = 0; i < scale.Length; i++)
        {
            var kernel = into.Slice(i * length, length);
            foreach (ref var weight in kernel)
            {
                weight = (float)(weight * scale[i]);
            }
        }
    }

    private void Fold(Network network)
    {
        var readers = network.Operations
            .SelectMany(operation => operation.Inputs)
            .Append(network.Features)
            .Concat(network.Logits is { } logits ? [logits] : [])
            .CountBy(value => value.Index)
            .ToDictionary();
        foreach (var norm in network.Operations.OfType<BatchNorm>())
        {
            var input = norm.Inputs[0].Index;
            if (input == 0 || readers[input] != 1 || network.Operations[input - 1] is not Convolution convolution)
            {
                continue;
            }
            var bias = $"{convolution.Name}.bias";
            folded.Add(norm);
            folds[$"{convolution.Name}.weight"] = folds[bias] = (convolution, norm);
            expected[bias] = new ExpectedTensor(bias, [norm.Channels]);
            foreach (var tensor in norm.Expected)
            {
                expected.Remove(tensor.Name);
            }
        }
    }

    // Scale and shift of each channel, in double: the sum of roundings stays that of one float32 operation.
    private (double[] Scale, double[] Shift) Affine(BatchNorm norm)
    {
        var (gamma, beta) = (Stored($"{norm.Name}.weight"), Stored($"{norm.Name}.bias"));
        var (mean, variance) = (Stored($"{norm.Name}.running_mean"), Stored($"{norm.Name}.running_var"));
        var scale = gamma.Select((g, i) => g / Math.Sqrt(variance[i] + norm.Epsilon)).ToArray();
        return (scale, [.. scale.Select((s, i) => beta[i] - (mean[i] * s))]);
    }

    private float[] Stored(string name)
    {
        var numbers = new float[entries[name].Tensor.Count];
        entries[name].Tensor.CopyTo(numbers);
        return numbers;
    }
}
