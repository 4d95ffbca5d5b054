using System.Diagnostics;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

public sealed class HostileBystandersTests
{
    public static TheoryData<string> Names => [.. PickleBystanders.Names.Select(name => name.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bystander_is_data_whatever_it_is_called_with_and_set_to(string name)
    {
        var dot = name.LastIndexOf('.');
        var pickle = new PickleWriter().Op('}').Text("x").Global(name[..dot], name[(dot + 1)..])
            .Op('(').Text("touch /tmp/owned").Number(long.MaxValue).Number(-1).Op(']').Op('t').Op('R')
            .Op('}').Text("__reduce__").Text("__setstate__").Op('s').Op('b').Op('s')
            .Text("a").Tensor("0", [1]).Op('s').ToArray();
        using var file = CheckpointFile.Open(StoredBytes.InMemory(TorchZip.Of(pickle, ("0", [1]))));
        var state = StateDict.Of(file, weights: null);
        Assert.Equal(["x"], state.Skipped);
        Assert.Equal("a", state.Tensors.Single().FileName);
    }

    [Theory]
    [InlineData("builtins", "getattr")]
    [InlineData("builtins", "map")]
    [InlineData("builtins", "type")]
    [InlineData("__builtin__", "apply")]
    [InlineData("copyreg", "_reconstructor")]
    [InlineData("argparse", "ArgumentParser")]
    [InlineData("argparse", "Namespace.__init__")]
    [InlineData("pathlib", "os.system")]
    [InlineData("pathlib._local", "os")]
    [InlineData("functools", "partial")]
    [InlineData("operator", "attrgetter")]
    [InlineData("numpy", "fromfile")]
    [InlineData("numpy.dtypes", "os")]
    [InlineData("numpy._core.multiarray", "fromfile")]
    [InlineData("torch.nn.modules.linear", "Linear")]
    [InlineData("torch.storage", "_load_from_bytes")]
    [InlineData("torch.tensor", "os")]
    [InlineData("datetime", "sys.modules")]
    public void A_neighbour_of_an_allowed_name_is_not_allowed(string module, string name)
    {
        var pickle = new PickleWriter().Global(module, name).ToArray();
        var failure = Reading.FailureOf(TorchZip.Of(pickle));
        Assert.Equal(FailureCodes.CheckpointUnsafe, failure.Code);
        Assert.Contains($"'{module}.{name}'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("torch._tensor", "_rebuild_from_type_v2")]
    [InlineData("_codecs", "encode")]
    [InlineData("collections", "OrderedDict")]
    [InlineData("argparse", "Namespace")]
    public void A_tensor_of_a_subclass_is_made_by_nothing_but_what_makes_tensors(string module, string name)
    {
        var pickle = new PickleWriter().Global("torch._tensor", "_rebuild_from_type_v2").Op('(')
            .Global(module, name).Global("torch", "Tensor").Op(')').Op('N').Op('t').Op('R').ToArray();
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(TorchZip.Of(pickle)));
    }

    [Theory]
    [InlineData("[1000000000]", 4)]
    [InlineData("[-1]", 4)]
    [InlineData("[2]", 4)]
    [InlineData("[9223372036854775807, 9223372036854775807]", 4)]
    [InlineData("None", 4)]
    public void An_array_beyond_its_bytes_is_refused(string shape, int bytes)
    {
        var pickle = new PickleWriter().Op('}').Text("a")
            .Global("torch._utils", "_rebuild_device_tensor_from_numpy").Op('(')
            .Global("numpy.core.multiarray", "_reconstruct").Op('(').Global("numpy", "ndarray").Numbers([0])
            .Raw((byte)'C', 1, (byte)'b').Op('t').Op('R').Op('(').Number(1);
        _ = shape == "None"
            ? pickle.Op('N')
            : pickle.Numbers([.. System.Text.Json.JsonSerializer.Deserialize<long[]>(shape)!]);
        pickle.Global("numpy", "dtype").Op('(').Text("f4").Op('t').Op('R').Raw(0x89)
            .Raw((byte)'C', (byte)bytes).Raw(new byte[bytes]).Op('t').Op('b')
            .Global("torch", "float32").Text("xla:0").Raw(0x89).Op('t').Op('R').Op('s');
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(TorchZip.Of(pickle.ToArray())));
    }

    [Fact]
    public void One_long_shape_is_not_copied_over_and_over()
    {
        var pickle = new PickleWriter().Global("torch._utils", "_rebuild_tensor_v2").Raw((byte)'q', 0).Op('0')
            .Numbers([.. Enumerable.Repeat(1L, 64)]).Raw((byte)'q', 1).Op('0')
            .Storage("torch", "FloatStorage", "0", 1).Raw((byte)'q', 2).Op('0')
            .Op('(').Raw((byte)'h', 2).Number(0).Raw((byte)'h', 1, (byte)'h', 1).Op('t').Raw((byte)'q', 3).Op('0')
            .Op(']').Op('(');
        for (var i = 0; i < 100_000; i++)
        {
            pickle.Global("torch._tensor", "_rebuild_from_type_v2").Op('(')
                .Raw((byte)'h', 0).Op('N').Raw((byte)'h', 3).Op('N').Op('t').Op('R');
        }
        var failure = Reading.FailureOf(TorchZip.Of(pickle.Op('e').ToArray(), ("0", [1])));
        Assert.Contains("over and over", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Digits_without_end_are_refused_at_once()
    {
        var pickle = new PickleWriter().Op('L').Raw([.. Enumerable.Repeat((byte)'9', 5_000_000)]).Raw((byte)'L', (byte)'\n')
            .ToArray();
        var watch = Stopwatch.StartNew();
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(TorchZip.Of(pickle)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }
}
