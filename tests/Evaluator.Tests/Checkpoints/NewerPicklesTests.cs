using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

/// <summary>What PyTorch 1.13 does not write: pickles put together as its later versions do.</summary>
public sealed class NewerPicklesTests
{
    [Theory]
    [InlineData("torch._tensor", "_rebuild_from_type_v2", "torch", "Tensor")]
    [InlineData("torch._tensor", "_rebuild_from_type_v2", "torch.nn.parameter", "Parameter")]
    [InlineData("torch._tensor", "_rebuild_from_type_v2", "torch.nn.parameter", "Buffer")]
    [InlineData("torch.tensor", "_rebuild_from_type", "torch", "Tensor")]
    public void A_tensor_with_attributes_of_its_own_is_read(string module, string function, string of, string type)
    {
        var pickle = new PickleWriter().Op('}').Text("a").Global(module, function).Op('(')
            .Global("torch._utils", "_rebuild_tensor_v2").Global(of, type).TensorArguments("0", [2])
            .Op('}').Text("mark").Number(1).Op('s').Op('t').Op('R').Op('s').ToArray();
        AssertNumbers([5, 6], TorchZip.Of(pickle, ("0", [5, 6])));
    }

    [Theory]
    [InlineData("_rebuild_parameter")]
    [InlineData("_rebuild_parameter_with_state")]
    [InlineData("_rebuild_device_tensor_from_cpu_tensor")]
    public void A_tensor_around_a_tensor_is_read(string function)
    {
        var pickle = new PickleWriter().Op('}').Text("a").Global("torch._utils", function).Op('(').Tensor("0", [2])
            .Raw(0x88).Op('N').Op('}').Op('t').Op('R').Op('s').ToArray();
        AssertNumbers([5, 6], TorchZip.Of(pickle, ("0", [5, 6])));
    }

    [Theory]
    [InlineData("torch.storage")]
    [InlineData("torch")]
    public void A_tensor_of_an_untyped_storage_is_read_as_its_own_type(string module)
    {
        var pickle = Version3(module, "UntypedStorage", bytes: 4, offset: 1, size: 3, "float8_e4m3fn");
        AssertNumbers([-2, 448, 0.001953125f], ZipOf(pickle, [0x38, 0xc0, 0x7e, 0x01]));
        var half = Version3(module, "UntypedStorage", bytes: 4, offset: 1, size: 1, "float16");
        AssertNumbers([1], ZipOf(half, [0xff, 0xff, 0x00, 0x3c]));
        Assert.Equal(
            FailureCodes.CheckpointUnrecognised,
            Reading.CodeOf(ZipOf(Version3(module, "UntypedStorage", 4, 1, 2, "float16"), [1, 2, 3, 4])));
    }

    [Theory]
    [InlineData("uint16")]
    [InlineData("uint64")]
    [InlineData("complex64")]
    [InlineData("float4_e2m1fn_x2")]
    public void Types_that_are_no_parameters_are_listed_as_what_they_are(string dtype)
    {
        var pickle = Version3("torch.storage", "UntypedStorage", bytes: 8, offset: 0, size: 1, dtype);
        using var file = CheckpointFile.Open(StoredBytes.InMemory(ZipOf(pickle, new byte[8])));
        Assert.Equal(dtype, StateDict.Of(file, weights: null).Tensors.Single().Tensor.Dtype.Name);
    }

    [Fact]
    public void The_records_of_the_newest_zips_are_read_around()
    {
        var pickle = new PickleWriter().Op('}').Text("a").Tensor("0", [1]).Op('s').ToArray();
        AssertNumbers([0.5f], TorchZip.OfEntries(
        [
            ("model/data.pkl", pickle), ("model/.format_version", "1"u8.ToArray()),
            ("model/.storage_alignment", "64"u8.ToArray()), ("model/byteorder", "little"u8.ToArray()),
            ("model/data/0", BitConverter.GetBytes(0.5f)), ("model/version", "3\n"u8.ToArray()),
            ("model/.data/serialization_id", "1"u8.ToArray()),
        ]));
    }

    [Fact]
    public void Numbers_of_a_big_endian_machine_are_turned_round()
    {
        var pickle = new PickleWriter().Op('}').Text("a").Tensor("0", 4, 0, [2, 2], [1, 2]).Op('s')
            .Text("b").Tensor("0", 4, 1, [3], [1]).Op('s').ToArray();
        byte[] numbers = [.. new[] { 1f, 2, 3, 4 }.SelectMany(value => BitConverter.GetBytes(value).Reverse())];
        var zip = TorchZip.OfEntries(
            [("a/data.pkl", pickle), ("a/byteorder", "big"u8.ToArray()), ("a/data/0", numbers)]);
        using var file = CheckpointFile.Open(StoredBytes.InMemory(zip));
        var tensors = StateDict.Of(file, weights: null).Tensors;
        Assert.Equal([1, 3, 2, 4], Reading.Numbers(tensors[0].Tensor));
        Assert.Equal([2, 3, 4], Reading.Numbers(tensors[1].Tensor));
    }

    [Theory]
    [InlineData("middle", "unknown byte order")]
    [InlineData("", "unknown byte order")]
    [InlineData("big", "big-endian machine")]
    public void Bytes_of_an_unknown_order_are_refused(string order, string said)
    {
        var pickle = Version3("torch.storage", "UntypedStorage", bytes: 4, offset: 0, size: 1, "float32");
        var failure = Reading.FailureOf(TorchZip.OfEntries(
        [
            ("a/data.pkl", pickle), ("a/byteorder", System.Text.Encoding.ASCII.GetBytes(order)),
            ("a/data/0", new byte[4]),
        ]));
        Assert.Equal(FailureCodes.CheckpointUnrecognised, failure.Code);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("torch._utils", "_rebuild_qtensor", "quantised")]
    [InlineData("torch._utils", "_rebuild_sparse_tensor", "sparse")]
    [InlineData("torch._utils", "_rebuild_sparse_csr_tensor", "sparse")]
    [InlineData("torch._utils", "_rebuild_nested_tensor", "nested")]
    [InlineData("torch._utils", "_rebuild_meta_tensor_no_storage", "no numbers")]
    [InlineData("torch._utils", "_rebuild_wrapper_subclass", "wraps")]
    [InlineData("torch.distributed.tensor", "DTensor", "gather")]
    public void A_kind_of_tensor_that_is_not_read_is_named(string module, string name, string said)
    {
        var failure = Reading.FailureOf(TorchZip.Of(new PickleWriter().Global(module, name).ToArray()));
        Assert.Equal(FailureCodes.CheckpointUnrecognised, failure.Code);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negation_that_is_still_to_be_done_is_refused()
    {
        var pickle = new PickleWriter().Op('}').Text("a").Global("torch._utils", "_rebuild_tensor_v2").Op('(')
            .Storage("torch", "FloatStorage", "0", 1).Number(0).Numbers([1]).Numbers([1]).Raw(0x89).Op('N')
            .Op('}').Text("neg").Raw(0x88).Op('s').Op('t').Op('R').Op('s').ToArray();
        var failure = Reading.FailureOf(TorchZip.Of(pickle, ("0", [1])));
        Assert.Equal(FailureCodes.CheckpointUnrecognised, failure.Code);
        Assert.Contains("negation", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_modules_are_refused_with_what_to_send_instead()
    {
        var module = new PickleWriter().Global("torchvision.models.resnet", "ResNet").Op(')').Raw(0x81)
            .Op('}').Op('b').ToArray();
        var failure = Reading.FailureOf(TorchZip.Of(module));
        Assert.Equal(FailureCodes.CheckpointUnsafe, failure.Code);
        Assert.Contains("torch.save(model.state_dict()", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_as_text_are_read()
    {
        // Python 2 writes whole numbers beyond 32 bits so, and protocol 1 all long ones.
        var pickle = new PickleWriter().Op('}')
            .Text("iteration").Raw("I1099511627776\n"u8).Op('s').Text("long").Raw("L-5L\n"u8).Op('s')
            .Text("flag").Raw("I01\n"u8).Op('s').ToArray();
        var read = Read(pickle);
        Assert.Equal(
            [1099511627776L, -5L, true], ((PickleDict)read!).Items.Select(item => item.Value));
    }

    [Fact]
    public void Scalars_of_numpy_are_numbers()
    {
        Assert.Equal(1.5, Read(Scalar("f8", "<", BitConverter.GetBytes(1.5))));
        Assert.Equal(0.25, Read(Scalar("f4", "<", BitConverter.GetBytes(0.25f))));
        Assert.Equal(0.25, Read(Scalar("f4", ">", [.. BitConverter.GetBytes(0.25f).Reverse()])));
        Assert.Equal(-3L, Read(Scalar("i8", "<", BitConverter.GetBytes(-3L))));
        Assert.Equal(true, Read(Scalar("b1", "|", [1])));
        Assert.IsType<PickleOpaque>(Read(Scalar("f8", "<", [1, 2])));
        Assert.IsType<PickleOpaque>(Read(Scalar("V99999999999", "<", [])));
    }

    private static byte[] Scalar(string dtype, string order, byte[] bytes) => new PickleWriter()
        .Global("numpy._core.multiarray", "scalar").Op('(')
        .Global("numpy", "dtype").Op('(').Text(dtype).Raw(0x89, 0x88).Op('t').Op('R')
        .Op('(').Number(3).Text(order).Op('N').Op('t').Op('b')
        .Raw((byte)'C', (byte)bytes.Length).Raw(bytes).Op('t').Op('R').ToArray();

    private static object? Read(byte[] pickle) => new PickleReader(pickle, _ => throw new InvalidOperationException()).Read();

    private static byte[] Version3(string module, string storage, long bytes, long offset, long size, string dtype) =>
        new PickleWriter().Op('}').Text("a").Global("torch._utils", "_rebuild_tensor_v3").Op('(')
            .Storage(module, storage, "0", bytes).Number(offset).Numbers([size]).Numbers([1]).Raw(0x89)
            .Global("collections", "OrderedDict").Op(')').Op('R').Global("torch", dtype).Op('t').Op('R').Op('s')
            .ToArray();

    private static byte[] ZipOf(byte[] pickle, byte[] storage) =>
        TorchZip.OfEntries([("archive/data.pkl", pickle), ("archive/data/0", storage)]);

    private static void AssertNumbers(float[] expected, byte[] bytes)
    {
        using var file = CheckpointFile.Open(StoredBytes.InMemory(bytes));
        Assert.Equal(expected, Reading.Numbers(StateDict.Of(file, weights: null).Tensors.Single().Tensor));
    }
}
