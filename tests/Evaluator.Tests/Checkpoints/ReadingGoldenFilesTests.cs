using System.Text.Json;
using Leaderboard.Evaluator.Checkpoints;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

public sealed class ReadingGoldenFilesTests
{
    private static readonly JsonElement Expected =
        JsonDocument.Parse(File.ReadAllText(Reading.Golden("expected.json"))).RootElement;

    public static TheoryData<string> Files => [.. Expected.EnumerateObject().Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_variety_of_file_gives_the_tensors_that_PyTorch_reads(string name)
    {
        using var file = CheckpointFile.Open(Reading.Golden("formats", name));
        var tensors = StateDict.Of(file, weights: null).Tensors;

        var expected = Expected.GetProperty(name).EnumerateObject().ToList();
        Assert.Equal(expected.Select(tensor => tensor.Name), tensors.Select(entry => entry.FileName));
        foreach (var (wanted, entry) in expected.Zip(tensors))
        {
            Assert.Equal(wanted.Value.GetProperty("dtype").GetString(), entry.Tensor.Dtype.Name);
            Assert.Equal(
                wanted.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), entry.Tensor.Shape);
            if (wanted.Value.GetProperty("values") is { ValueKind: JsonValueKind.Array } values)
            {
                Assert.Equal(
                    values.EnumerateArray().Select(value => (float)value.GetDouble()), Reading.Numbers(entry.Tensor));
            }
        }
    }

    [Theory]
    [InlineData("training.pt")]
    [InlineData("legacy_protocol4.pt")]
    public void What_training_leaves_beside_the_weights_is_listed_as_skipped(string name)
    {
        using var file = CheckpointFile.Open(Reading.Golden("formats", name));
        Assert.Equal(
            [
                "epoch", "arch", "big", "negative", "lr", "best", "best32", "array", "none", "flags", "set", "bytes",
                "size", "dtype", "device", "nested", "optimizer",
            ],
            StateDict.Of(file, weights: null).Skipped);
    }

    [Theory]
    [InlineData("bystanders.pt")]
    [InlineData("legacy_bystanders.pt")]
    [InlineData("bystanders_protocol5.pt")]
    public void What_published_checkpoints_carry_beside_the_weights_is_listed_as_skipped(string name)
    {
        using var file = CheckpointFile.Open(Reading.Golden("formats", name));
        Assert.Equal(
            [
                "args", "config", "state", "milestones", "recent", "plain", "when", "took", "day", "complex", "range",
                "frozen", "types", "numpy", "arrays", "empty", "bytes", "random", "numpy_random", "storage", "scaler",
            ],
            StateDict.Of(file, weights: null).Skipped);
    }

    [Fact]
    public void A_file_of_this_writer_reads_back_as_it_was()
    {
        using var path = new TemporaryFile();
        NamedTensor[] written = [NamedTensor.Of("b", 2, 3), NamedTensor.Of("a \"é\"", 4), new("none", [0, 2], [])];
        NamedTensor.WriteSafetensors(path.Path, written);

        using var file = CheckpointFile.Open(path.Path);
        var read = StateDict.Of(file, weights: null).Tensors;
        Assert.Equal(written.Select(tensor => tensor.Name), read.Select(entry => entry.FileName));
        Assert.All(written.Zip(read), pair => Assert.Equal(pair.First.Numbers, Reading.Numbers(pair.Second.Tensor)));
    }

    [Fact]
    public void A_writer_given_too_few_or_too_many_bytes_throws()
    {
        using var stream = new MemoryStream();
        var writer = new SafetensorsWriter(stream, [new AnnouncedTensor("a", TensorDtype.UInt8, [2])]);
        writer.Write([1]);
        Assert.Throws<InvalidOperationException>(writer.Complete);
        Assert.Throws<InvalidOperationException>(() => writer.Write([1, 2]));
    }
}
