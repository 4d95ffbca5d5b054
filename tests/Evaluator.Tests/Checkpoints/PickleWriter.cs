using System.Buffers.Binary;
using System.Text;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

/// <summary>Writes pickles opcode by opcode, honest ones and hostile ones.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> bytes = [];

    public PickleWriter() => Raw(0x80, 2);

    public byte[] ToArray() => [.. bytes, (byte)'.'];

    public PickleWriter Raw(params ReadOnlySpan<byte> opcodes)
    {
        bytes.AddRange(opcodes);
        return this;
    }

    public PickleWriter Op(char opcode) => Raw((byte)opcode);

    public PickleWriter Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return Op('X').Raw(length).Raw(utf8);
    }

    public PickleWriter Number(long number)
    {
        var value = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(value, number);
        return Raw(0x8a, 8).Raw(value);
    }

    public PickleWriter Global(string module, string name) =>
        Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleWriter Numbers(IReadOnlyList<long> numbers)
    {
        Op('(');
        foreach (var number in numbers)
        {
            Number(number);
        }
        return Op('t');
    }

    /// <summary>A float32 tensor of all of a storage.</summary>
    public PickleWriter Tensor(string key, IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        var count = 1L;
        for (var i = shape.Count - 1; i >= 0; i--)
        {
            strides[i] = count;
            count *= shape[i];
        }
        return Tensor(key, count, 0, shape, strides);
    }

    public PickleWriter Tensor(
        string key, long storageCount, long offset, IReadOnlyList<long> shape, IReadOnlyList<long> strides) =>
        Global("torch._utils", "_rebuild_tensor_v2")
            .TensorArguments(key, storageCount, offset, shape, strides).Op('R');

    /// <summary>What a float32 tensor of one axis is rebuilt from, all of a storage.</summary>
    public PickleWriter TensorArguments(string key, IReadOnlyList<long> shape) =>
        TensorArguments(key, shape[0], 0, shape, [1]);

    public PickleWriter Storage(string module, string type, string key, long count) =>
        Op('(').Text("storage").Global(module, type).Text(key).Text("cuda:0").Number(count).Op('t').Op('Q');

    private PickleWriter TensorArguments(
        string key, long storageCount, long offset, IReadOnlyList<long> shape, IReadOnlyList<long> strides) =>
        Op('(').Storage("torch", "FloatStorage", key, storageCount)
            .Number(offset).Numbers(shape).Numbers(strides).Raw(0x89)
            .Global("collections", "OrderedDict").Op(')').Op('R')
            .Op('t');
}
