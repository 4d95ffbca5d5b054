using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Architectures;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

public sealed class ShardedCheckpointTests
{
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";
    private const string Index = "model.safetensors.index.json";

    private static readonly List<NamedTensor> Cifar =
        NamedTensor.OfNetwork(CifarResNet.Create(20, CifarShortcut.ZerosAround, 10));

    [Theory]
    [InlineData("", CompressionLevel.NoCompression)]
    [InlineData("", CompressionLevel.Optimal)]
    [InlineData("resnet20/", CompressionLevel.NoCompression)]
    public void Shards_with_their_index_are_one_checkpoint(string folder, CompressionLevel level)
    {
        var inspection = Reading.Inspect(TorchZip.OfEntries(Honest(folder), level));
        Assert.Equal(("cifar_resnet20", "recognised", 10), (
            inspection.Architecture, inspection.Recognition, inspection.ClassCount));
        Assert.Equal(Cifar.Count, inspection.Tensors.Count(tensor => tensor.LoadedAs != null));
        Assert.Empty(inspection.Skipped);
    }

    [Fact]
    public void Shards_hold_the_numbers_that_one_file_holds()
    {
        using var file = CheckpointFile.Open(
            StoredBytes.InMemory(TorchZip.OfEntries(Honest())));
        var numbers = StateDict.Of(file, weights: null).Tensors
            .ToDictionary(entry => entry.FileName, entry => Reading.Numbers(entry.Tensor));
        Assert.All(Cifar, tensor => Assert.Equal(tensor.Numbers, numbers[tensor.Name]));
    }

    [Fact]
    public void Shards_of_torch_save_are_read_too()
    {
        const string Shard = "pytorch_model-00001-of-00001.bin";
        var inspection = Reading.Inspect(TorchZip.OfEntries(
        [
            ("pytorch_model.bin.index.json", IndexOf(Cifar.Select(tensor => (tensor.Name, Shard)))),
            (Shard, TorchZip.OfState(Cifar)),
            ("training_args.bin", [1, 2, 3]),
        ]));
        Assert.Equal("cifar_resnet20", inspection.Architecture);
        Assert.Equal(["training_args.bin"], inspection.Skipped);
    }

    [Fact]
    public void What_lies_beside_the_shards_is_listed_and_not_read()
    {
        var inspection = Reading.Inspect(TorchZip.OfEntries(
            [.. Honest(), ("config.json", "{"u8.ToArray()), ("__MACOSX/._" + First, [0]), ("__MACOSX/._" + Index, [0])]));
        Assert.Equal(["config.json", "__MACOSX/._" + First, "__MACOSX/._" + Index], inspection.Skipped);
    }

    public static TheoryData<string, string> Disagreements => new()
    {
        { "a shard is missing", "is missing from the zip" },
        { "a shard is not named", "does not name 'model-00003-of-00003.safetensors'" },
        { "a tensor is missing", "'gone' is not in" },
        { "a tensor is not named", "does not say that 'conv1.weight'" },
        { "a tensor is in the other shard", "does not say that 'conv1.weight'" },
        { "a tensor is in both shards", "does not say that 'conv1.weight'" },
        { "a shard of another form", "does not end in .safetensors" },
    };

    [Theory]
    [MemberData(nameof(Disagreements))]
    public void An_index_that_disagrees_with_its_shards_is_refused(string what, string said)
    {
        var map = Placed();
        var entries = Honest().ToDictionary(entry => entry.Name, entry => entry.Bytes);
        switch (what)
        {
            case "a shard is missing": entries.Remove(Second); break;
            case "a shard is not named": entries["model-00003-of-00003.safetensors"] = entries[Second]; break;
            case "a tensor is missing": map["gone"] = Second; break;
            case "a tensor is not named": map.Remove("conv1.weight"); break;
            case "a tensor is in the other shard": map["conv1.weight"] = Second; break;
            case "a tensor is in both shards": entries[Second] = Safetensors([.. Cifar.Skip(Cifar.Count / 2), Cifar[0]]); break;
            case "a shard of another form": map["conv1.weight"] = "pytorch_model.bin"; break;
        }
        entries[Index] = IndexOf(map.Select(item => (item.Key, item.Value)));
        var failure = Reading.FailureOf(TorchZip.OfEntries(entries.Select(entry => (entry.Key, entry.Value))));
        Assert.Equal(FailureCodes.CheckpointUnrecognised, failure.Code);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("/etc/model.safetensors")]
    [InlineData("..\\model.safetensors")]
    [InlineData("C:model.safetensors")]
    public void A_shard_elsewhere_is_unsafe(string path) => Assert.Equal(
        FailureCodes.CheckpointUnsafe,
        Reading.CodeOf(TorchZip.OfEntries([(Index, IndexOf([("conv1.weight", path)]))])));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"weight_map":[]}""")]
    [InlineData("""{"weight_map":{}}""")]
    [InlineData("""{"weight_map":{"a":1}}""")]
    [InlineData("""{"weight_map":{"a":"m.safetensors","a":"m.safetensors"}}""")]
    [InlineData("""{"weight_map":{"a":[[[[[[[[[[[[]]]]]]]]]]]]}}""")]
    public void An_index_that_is_none_is_refused(string index) => Assert.Equal(
        FailureCodes.CheckpointUnrecognised,
        Reading.CodeOf(TorchZip.OfEntries([(Index, Encoding.UTF8.GetBytes(index))])));

    [Fact]
    public void Two_indexes_are_ambiguous() => Assert.Equal(
        FailureCodes.ArchitectureAmbiguous,
        Reading.CodeOf(TorchZip.OfEntries([.. Honest("a/"), .. Honest("b/")])));

    [Fact]
    public void A_hostile_shard_ends_in_its_code()
    {
        const string Shard = "pytorch_model-00001-of-00001.bin";
        var evil = new PickleWriter().Global("os", "system").Text("id").Raw(0x85).Op('R').ToArray();
        var number = new PickleWriter().Op('}').Text("a").Number(1).Op('s').ToArray();
        var packed = TorchZip.OfEntries([("a/data.pkl", new byte[1000])], CompressionLevel.Optimal);
        (byte[] Bytes, string Code)[] shards =
        [
            (TorchZip.Of(evil), FailureCodes.CheckpointUnsafe),
            (TorchZip.Of(number), FailureCodes.CheckpointUnrecognised),
            (packed, FailureCodes.CheckpointTooLarge),
            (TorchZip.OfEntries(Honest()), FailureCodes.CheckpointUnrecognised),
            ([], FailureCodes.CheckpointUnrecognised),
            ([1, 2, 3], FailureCodes.CheckpointUnrecognised),
        ];
        Assert.All(shards, shard => Assert.Equal(shard.Code, Reading.CodeOf(TorchZip.OfEntries(
            [("pytorch_model.bin.index.json", IndexOf([("a", Shard)])), (Shard, shard.Bytes)]))));
    }

    [Fact]
    public void A_cut_or_damaged_shard_ends_in_a_code()
    {
        var entries = Honest().ToList();
        var shard = entries[1].Bytes;
        Assert.Equal(FailureCodes.CheckpointTruncated, Reading.CodeOf(
            TorchZip.OfEntries([entries[0], (First, shard[..100]), entries[2]])));
        var zip = TorchZip.OfEntries(entries);
        zip[zip.Length / 2] ^= 1;
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(zip));
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Honest(string folder = "") =>
    [
        (folder + Index, IndexOf(Placed().Select(item => (item.Key, item.Value)))),
        (folder + First, Safetensors([.. Cifar.Take(Cifar.Count / 2)])),
        (folder + Second, Safetensors([.. Cifar.Skip(Cifar.Count / 2)])),
    ];

    private static Dictionary<string, string> Placed() => Cifar.Index().ToDictionary(
        pair => pair.Item.Name, pair => pair.Index < Cifar.Count / 2 ? First : Second);

    private static byte[] IndexOf(IEnumerable<(string Name, string Shard)> map) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        metadata = new { total_size = Cifar.Sum(tensor => tensor.Numbers.Length * sizeof(float)) },
        weight_map = map.ToDictionary(item => item.Name, item => item.Shard),
    });

    private static byte[] Safetensors(IReadOnlyList<NamedTensor> tensors)
    {
        using var file = new TemporaryFile();
        NamedTensor.WriteSafetensors(file.Path, tensors);
        return File.ReadAllBytes(file.Path);
    }
}
