using System.Runtime.InteropServices;
using System.Text;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

/// <summary>A tensor whose numbers follow from its name, by the rule of <c>make_goldens.py</c>.</summary>
internal sealed record NamedTensor(string Name, long[] Shape, float[] Numbers)
{
    private const int Chunk = 1 << 18;

    public static NamedTensor Of(string name, params long[] shape) => new(name, shape, Values(name, shape));

    /// <summary>Every tensor of a network that counts, in its order.</summary>
    public static List<NamedTensor> OfNetwork(Network network) =>
        [.. network.Expected.Where(tensor => !tensor.IsOptional).Select(tensor => Of(tensor.Name, tensor.Shape))];

    public static NamedTensor Renamed(NamedTensor tensor, string name) => tensor with { Name = name };

    public static void WriteSafetensors(string path, IReadOnlyList<NamedTensor> tensors)
    {
        using var file = File.Create(path);
        var writer = new SafetensorsWriter(
            file, [.. tensors.Select(tensor => new AnnouncedTensor(tensor.Name, TensorDtype.Float32, tensor.Shape))]);
        foreach (var tensor in tensors)
        {
            writer.Write(MemoryMarshal.AsBytes(tensor.Numbers.AsSpan()));
        }
        writer.Complete();
    }

    public static float[] Values(string name, params long[] shape)
    {
        var fanIn = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        Func<double, double> rule = name switch
        {
            "input" => u => (u - 0.5) * 4,
            _ when shape.Length > 1 => u => (u - 0.5) * Math.Sqrt(24.0 / fanIn),
            _ when name.EndsWith("running_var", StringComparison.Ordinal) => u => 0.8 + (0.4 * u),
            _ when name.EndsWith("weight", StringComparison.Ordinal) => u => 0.1 + (0.3 * u),
            _ => u => (u - 0.5) * 0.1,
        };
        return Values(name, shape, rule);
    }

    /// <summary>Numbers between two limits, by the rule of <c>make_architecture_goldens.py</c>.</summary>
    public static float[] Between(string name, double low, double high, params long[] shape) =>
        Values(name, shape, u => low + ((high - low) * u));

    private static float[] Values(string name, long[] shape, Func<double, double> rule)
    {
        var seed = 0xCBF29CE484222325UL;
        foreach (var value in Encoding.UTF8.GetBytes(name))
        {
            seed = (seed ^ value) * 0x100000001B3UL;
        }
        var numbers = new float[shape.Aggregate(1L, (product, size) => product * size)];
        Parallel.For(0, (numbers.Length + Chunk - 1) / Chunk, chunk =>
        {
            for (var i = chunk * Chunk; i < Math.Min(numbers.Length, (chunk + 1) * Chunk); i++)
            {
                numbers[i] = (float)rule(Uniform(seed, (ulong)i + 1));
            }
        });
        return numbers;
    }

    private static double Uniform(ulong seed, ulong step)
    {
        var x = seed + (0x9E3779B97F4A7C15UL * step);
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return ((x ^ (x >> 31)) >> 40) / (double)(1 << 24);
    }
}
