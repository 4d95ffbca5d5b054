using System.Runtime.InteropServices;
using System.Text;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

public sealed class HostilePicklesTests
{
    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "exec")]
    [InlineData("torch.hub", "load")]
    [InlineData("torch", "load")]
    [InlineData("torch", "QInt8Storage")]
    [InlineData("__main__", "Net")]
    [InlineData("numpy", "load")]
    [InlineData("collections", "OrderedDict.__reduce__")]
    public void A_name_outside_the_list_is_refused_and_said(string module, string name)
    {
        var pickle = new PickleWriter().Global(module, name).Text("touch /tmp/owned").Raw(0x85).Op('R').ToArray();
        Assert.All([TorchZip.Of(pickle), pickle], bytes =>
        {
            var failure = Reading.FailureOf(bytes);
            Assert.Equal(FailureCodes.CheckpointUnsafe, failure.Code);
            Assert.Contains($"'{module}.{name}'", failure.Message, StringComparison.Ordinal);
            Assert.Contains("torch.save(model.state_dict()", failure.Message, StringComparison.Ordinal);
            Assert.Contains("TorchScript", failure.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_name_put_together_on_the_stack_is_refused_too()
    {
        var pickle = new PickleWriter().Text("os").Text("system").Raw(0x93).ToArray();
        Assert.Equal(FailureCodes.CheckpointUnsafe, Reading.CodeOf(TorchZip.Of(pickle)));
    }

    [Fact]
    public void Data_is_never_called()
    {
        var pickle = new PickleWriter().Global("torch", "float32").Op(')').Op('R').ToArray();
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(TorchZip.Of(pickle)));
    }

    public static TheoryData<string, byte[]> Damaged => new()
    {
        { "a string of 4 GB", [0x80, 2, (byte)'X', 0xFF, 0xFF, 0xFF, 0xFF] },
        { "a string of 16 EB", [0x80, 4, 0x8d, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] },
        { "bytes of 16 EB", [0x80, 4, 0x8e, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F] },
        { "a number of 4 GB", [0x80, 2, 0x8b, 0xFF, 0xFF, 0xFF, 0xFF] },
        { "a line without end", [0x80, 2, (byte)'c', (byte)'o', (byte)'s'] },
        { "no end", [0x80, 2, (byte)'N'] },
        { "an empty stack", [0x80, 2, (byte)'.'] },
        { "a mark alone", [0x80, 2, (byte)'N', (byte)'(', (byte)'.'] },
        { "no mark", [0x80, 2, (byte)'N', (byte)'t', (byte)'.'] },
        { "a memo never kept", [0x80, 2, (byte)'j', 0xFF, 0xFF, 0xFF, 0xFF, (byte)'.'] },
        { "an item of no list", [0x80, 2, (byte)'N', (byte)'N', (byte)'a', (byte)'.'] },
        { "half a pair", [0x80, 2, (byte)'}', (byte)'(', (byte)'N', (byte)'u', (byte)'.'] },
        { "protocol 9", [0x80, 9, (byte)'N', (byte)'.'] },
        { "a number of no digits", [0x80, 2, (byte)'I', (byte)'x', (byte)'\n', (byte)'.'] },
        { "an extension", [0x80, 2, 0x82, 1, (byte)'.'] },
        { "an instance", [0x80, 2, (byte)'(', (byte)'i', (byte)'o', (byte)'s', (byte)'\n'] },
        { "a number as storage", [0x80, 2, (byte)'K', 1, (byte)'Q', (byte)'.'] },
        { "a call of None", [0x80, 2, (byte)'N', (byte)')', (byte)'R', (byte)'.'] },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void A_stream_that_no_pickler_writes_ends_in_a_code(string what, byte[] pickle)
    {
        Assert.NotEmpty(what);
        string[] codes = [FailureCodes.CheckpointUnrecognised, FailureCodes.CheckpointTruncated];
        Assert.Contains(Reading.CodeOf(TorchZip.Of(pickle)), codes);
        Assert.NotNull(Reading.OutcomeOf(pickle));
    }

    [Fact]
    public void Depth_costs_no_stack()
    {
        var pickle = new PickleWriter();
        for (var i = 0; i < 1_000_000; i++)
        {
            pickle.Raw((byte)']', (byte)'(');
        }
        pickle.Op('N');
        for (var i = 0; i < 1_000_000; i++)
        {
            pickle.Op('e');
        }
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(TorchZip.Of(pickle.ToArray())));
    }

    [Fact]
    public void A_dict_that_holds_itself_is_read_once()
    {
        var pickle = new PickleWriter().Op('}').Raw((byte)'q', 0)
            .Text("state_dict").Raw((byte)'h', 0).Op('s').Text("model").Raw((byte)'h', 0).Op('s').ToArray();
        Assert.Equal(FailureCodes.ArchitectureAmbiguous, Reading.CodeOf(TorchZip.Of(pickle)));

        var single = new PickleWriter().Op('}').Raw((byte)'q', 0).Text("model").Raw((byte)'h', 0).Op('s').ToArray();
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(TorchZip.Of(single)));
    }

    [Fact]
    public void One_long_list_is_not_copied_over_and_over()
    {
        byte[] items = [.. Enumerable.Repeat((byte)'N', 100_000)];
        var pickle = new PickleWriter().Op(']').Raw((byte)'q', 0).Op('(').Raw(items).Op('e').Op('0');
        pickle.Op(']').Op('(');
        for (var i = 0; i < 100_000; i++)
        {
            pickle.Global("builtins", "set").Raw((byte)'h', 0, 0x85, (byte)'R');
        }
        pickle.Op('e');
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(TorchZip.Of(pickle.ToArray())));
    }

    [Theory]
    [InlineData("items")]
    [InlineData("pairs")]
    [InlineData("storages")]
    public void One_long_text_is_not_hashed_over_and_over(string of)
    {
        var pickle = new PickleWriter().Text(new string('k', 8_000_000)).Raw((byte)'q', 0).Op('0');
        // The text recalled, with a value; as a pair; as the key of a storage, which a legacy file has yet to bring.
        var (before, each, after) = of switch
        {
            "items" => ("}(", "h\0N", "u"),
            "pairs" => ("ccollections\nOrderedDict\n](", "h\u0001", "e\u0085R"),
            _ => ("](", "h\u0001Q", "e"),
        };
        _ = of == "pairs"
            ? pickle.Raw((byte)'h', 0, (byte)'N', 0x86)
            : pickle.Op('(').Text("storage").Global("torch", "FloatStorage").Raw((byte)'h', 0).Text("cpu").Number(0).Op('t');
        pickle.Raw((byte)'q', 1).Op('0').Raw(Encoding.Latin1.GetBytes(before));
        var opcodes = Encoding.Latin1.GetBytes(each);
        for (var i = 0; i < 2_000_000; i++)
        {
            pickle.Raw(opcodes);
        }
        // Where nothing stops it, this takes hours.
        var bytes = Legacy(pickle.Raw(Encoding.Latin1.GetBytes(after)).ToArray(), [], []);
        var failure = Reading.FailureOf(bytes);
        Assert.Equal(FailureCodes.CheckpointUnrecognised, failure.Code);
        Assert.Contains("over and over", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Short_keys_may_be_recalled_in_every_item()
    {
        var pickle = new PickleWriter().Op('}').Text("a").Tensor("0", [1]).Op('s').Text("optimizer").Op('(')
            .Text("initial_learning_rate").Raw((byte)'q', 0).Op('N').Op('d').Op('s').Text("groups").Op(']').Op('(');
        for (var i = 0; i < 100_000; i++)
        {
            pickle.Op('}').Raw((byte)'h', 0, (byte)'N', (byte)'s');
        }
        using var file = CheckpointFile.Open(StoredBytes.InMemory(TorchZip.Of(pickle.Op('e').Op('s').ToArray(), ("0", [1]))));
        Assert.Equal(["optimizer", "groups"], StateDict.Of(file, weights: null).Skipped);
    }

    public static TheoryData<long, long, long[], long[]> Impossible => new()
    {
        { 4, 0, [5], [1] },
        { 4, 1, [4], [1] },
        { 4, 0, [2, 2], [4, 1] },
        { 4, -1, [1], [1] },
        { 4, 0, [-1], [1] },
        { 4, 0, [2], [-1] },
        { 4, 0, [2], [1, 1] },
        { 4, 0, [1_000_000_000], [0] },
        { 4, 0, [long.MaxValue, long.MaxValue], [0, 0] },
        { 4, 0, [long.MaxValue, 2], [long.MaxValue, long.MaxValue] },
        { 4, long.MaxValue, [2], [1] },
        { 5, 0, [4], [1] },
        { -1, 0, [0], [1] },
        { long.MaxValue, 0, [4], [1] },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void A_tensor_beyond_its_storage_is_refused(long storage, long offset, long[] shape, long[] strides)
    {
        var pickle = new PickleWriter()
            .Op('}').Text("a").Tensor("0", storage, offset, shape, strides).Op('s').ToArray();
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(TorchZip.Of(pickle, ("0", [1, 2, 3, 4]))));
    }

    [Fact]
    public void A_view_of_a_legacy_storage_starts_where_it_says()
    {
        var bytes = LegacyWithView(first: 1, length: 2);
        using var file = CheckpointFile.Open(StoredBytes.InMemory(bytes));
        var state = StateDict.Of(file, weights: null);
        var numbers = Reading.Numbers(state.Tensors.Single().Tensor);
        Assert.Equal((20f, 30f, 2), (numbers[0], numbers[1], numbers.Length));
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(LegacyWithView(first: 3, length: 2)));
    }

    [Fact]
    public void A_legacy_file_of_a_big_endian_machine_is_refused()
    {
        var failure = Reading.FailureOf(LegacyWithView(first: 0, length: 2, isLittleEndian: false));
        Assert.Equal(FailureCodes.CheckpointUnrecognised, failure.Code);
        Assert.Contains("big-endian", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ordered_dict_of_Python_2_is_read()
    {
        var pickle = new PickleWriter().Global("collections", "OrderedDict").Op(']').Op(']')
            .Raw((byte)'U', 1, (byte)'a').Op('a').Tensor("0", [2]).Op('a').Op('a').Raw(0x85).Op('R').ToArray();
        using var file = CheckpointFile.Open(StoredBytes.InMemory(TorchZip.Of(pickle, ("0", [3, 4]))));
        var entry = StateDict.Of(file, weights: null).Tensors.Single();
        var numbers = Reading.Numbers(entry.Tensor);
        Assert.Equal(("a", 3f, 4f), (entry.FileName, numbers[0], numbers[1]));
    }

    // As PyTorch before 0.4 wrote a tensor that shares a part of another's storage.
    private static byte[] LegacyWithView(long first, long length, bool isLittleEndian = true)
    {
        var saved = new PickleWriter().Op('}').Text("a")
            .Global("torch._utils", "_rebuild_tensor").Op('(')
            .Op('(').Text("storage").Global("torch", "FloatStorage").Text("7").Text("cpu").Number(4)
            .Op('(').Text("8").Number(first).Number(length).Op('t').Op('t').Op('Q')
            .Number(0).Numbers([2]).Numbers([1]).Op('t').Op('R').Op('s').ToArray();
        return Legacy(saved, ["7"], [10, 20, 30, 40], isLittleEndian);
    }

    private static byte[] Legacy(byte[] saved, IReadOnlyList<string> keys, float[] numbers, bool isLittleEndian = true)
    {
        byte[] magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];
        var listed = keys.Aggregate(new PickleWriter().Op(']'), (pickle, key) => pickle.Text(key).Op('a'));
        return
        [
            .. magic,
            .. new PickleWriter().Number(1001).ToArray(),
            .. new PickleWriter().Op('}').Text("little_endian")
                .Raw((byte)(isLittleEndian ? 0x88 : 0x89)).Op('s').ToArray(),
            .. saved,
            .. listed.ToArray(),
            .. BitConverter.GetBytes((long)numbers.Length),
            .. MemoryMarshal.AsBytes(numbers.AsSpan()),
        ];
    }
}
