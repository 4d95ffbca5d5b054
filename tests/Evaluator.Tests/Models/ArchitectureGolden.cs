using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Models;

/// <summary>One file of <c>make_architecture_goldens.py</c>, whose head explains the fields.</summary>
internal sealed class ArchitectureGolden
{
    private static readonly string Folder =
        Path.Combine(Repository.Root, "tests", "Evaluator.Tests", "Goldens", "architectures");

    private readonly JsonElement golden;

    private ArchitectureGolden(string name) =>
        golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json"))).RootElement;

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json")
        .Select(path => Path.GetFileName(path)[..^".json".Length])
        .Order(StringComparer.Ordinal);

    public string Architecture => golden.GetProperty("architecture").GetString()!;

    /// <summary>Whether the submission must name the architecture.</summary>
    public bool IsGiven => golden.GetProperty("given").GetBoolean();

    public int? Classes => Number("classes");

    public int? PublishedClasses => Number("published_classes");

    public long Parameters => golden.GetProperty("parameters").GetInt64();

    public IReadOnlyList<StateLine> State { get; private set; } = [];

    public IEnumerable<(long[] Shape, float[] Logits)> Runs => golden.GetProperty("runs").EnumerateArray().Select(run => (
        run.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray(),
        run.GetProperty("logits").EnumerateArray()
            .SelectMany(row => row.EnumerateArray().Select(logit => logit.GetSingle())).ToArray()));

    public static ArchitectureGolden Read(string name)
    {
        var read = new ArchitectureGolden(name);
        var packed = new MemoryStream(read.golden.GetProperty("state").GetBytesFromBase64());
        using var lines = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        read.State = [.. lines.ReadToEnd().Split('\n').Select(StateLine.Of)];
        return read;
    }

    /// <summary>The checkpoint, safetensors in memory.</summary>
    /// <param name="change">What a tensor becomes, null to leave it out; every tensor stays as it is unless told.</param>
    public CheckpointFile Checkpoint(Func<StateLine, StateLine?>? change = null)
    {
        var lines = State.Select(line => change == null ? line : change(line)).OfType<StateLine>().ToList();
        var tensors = lines.ConvertAll(line => new AnnouncedTensor(line.Name, line.Dtype, line.Shape));
        var file = new MemoryStream((int)tensors.Sum(tensor => tensor.ByteCount) + (tensors.Count * 256));
        var writer = new SafetensorsWriter(file, tensors);
        foreach (var line in lines)
        {
            writer.Write(line.Bytes);
        }
        writer.Complete();
        return CheckpointFile.Open(StoredBytes.InMemory(file.GetBuffer()).Slice(0, file.Length));
    }

    private int? Number(string property) =>
        golden.GetProperty(property) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;
}

/// <summary>A tensor of a golden's checkpoint: float32 between two limits, or whole numbers, which are all zero here.</summary>
internal sealed record StateLine(string Name, TensorDtype Dtype, double Low, double High, long[] Shape)
{
    public ReadOnlySpan<byte> Bytes => Dtype.IsFloat
        ? MemoryMarshal.AsBytes(NamedTensor.Between(Name, Low, High, Shape).AsSpan())
        : new byte[Shape.Aggregate((long)Dtype.Bytes, (product, size) => product * size)];

    public static StateLine Of(string line)
    {
        var parts = line.Split(' ');
        var (dtype, limits) = parts[1] == "int64" ? (TensorDtype.Int64, 0) : (TensorDtype.Float32, 2);
        double[] range = [.. parts.Skip(1).Take(limits).Select(part => double.Parse(part, CultureInfo.InvariantCulture)), 0, 0];
        long[] shape =
        [
            .. parts.Skip(1 + Math.Max(1, limits)).Select(part => long.Parse(part, CultureInfo.InvariantCulture)),
        ];
        return new StateLine(parts[0], dtype, range[0], range[1], shape);
    }
}
