using System.Buffers.Binary;
using System.IO.Compression;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

public sealed class HostileZipsTests
{
    private static readonly byte[] EmptyDict = new PickleWriter().Op('}').ToArray();

    [Fact]
    public void A_zip_bomb_is_refused_before_it_is_unpacked()
    {
        var bomb = TorchZip.OfEntries(
            [("archive/data.pkl", EmptyDict), ("archive/data/0", new byte[50_000_000])], CompressionLevel.SmallestSize);
        Assert.True(bomb.Length < 100_000);
        Assert.Equal(FailureCodes.CheckpointTooLarge, Reading.CodeOf(bomb));
    }

    [Fact]
    public void A_bomb_that_announces_little_is_refused_too()
    {
        var bomb = TorchZip.OfEntries([("archive/data.pkl", new byte[2_000_000])], CompressionLevel.SmallestSize);
        Patch(bomb, central: 24, value: 10);
        Assert.Equal(FailureCodes.CheckpointTooLarge, Reading.CodeOf(bomb));
    }

    [Fact]
    public void Compressed_entries_within_the_bound_are_read()
    {
        var state = new[] { NamedTensor.Of("a.weight", 3, 2) };
        var pickle = new PickleWriter();
        TorchZip.WriteDict(pickle, state, "");
        var stored = TorchZip.OfEntries(
            [("archive/data.pkl", pickle.ToArray()), ("archive/data/a.weight", new byte[24])],
            CompressionLevel.Fastest);
        Assert.Null(Reading.OutcomeOf(stored));
    }

    [Fact]
    public void A_compressed_storage_of_many_types_is_unpacked_once()
    {
        const int Length = 8_000_000;
        var bytes = new byte[Length];
        new Random(1).NextBytes(bytes);
        for (var i = 0; i < Length; i++)
        {
            bytes[i] &= 3;
        }
        var pickle = new PickleWriter().Op('}').Text("a").Tensor("0", [Length / 4]).Op('s').Text("b").Op(']');
        foreach (var (type, size) in new[] { ("Double", 8), ("Long", 8), ("Int", 4), ("Half", 2), ("Short", 2), ("Byte", 1), ("Char", 1) })
        {
            pickle.Storage("torch", $"{type}Storage", "0", Length / size).Op('a');
        }
        var zip = TorchZip.OfEntries(
            [("archive/data.pkl", pickle.Op('s').ToArray()), ("archive/data/0", bytes)], CompressionLevel.Fastest);
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var file = CheckpointFile.Open(StoredBytes.InMemory(zip));
        // Packed and unpacked: under twice the length.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, Length, 2 * Length);
    }

    [Theory]
    [InlineData("archive/../../etc/passwd")]
    [InlineData("/archive/data/0")]
    [InlineData("archive//data")]
    [InlineData("archive\\data\\0")]
    [InlineData("archive/./data")]
    [InlineData("archive/data/C:0")]
    public void A_path_that_leads_elsewhere_is_refused(string name)
    {
        var zip = TorchZip.OfEntries([("archive/data.pkl", EmptyDict), (name, [1])]);
        Assert.Equal(FailureCodes.CheckpointUnsafe, Reading.CodeOf(zip));
    }

    [Fact]
    public void Folders_of_an_archive_packed_by_hand_are_passed_over()
    {
        var pickle = new PickleWriter().Op('}').Text("a").Tensor("0", [1]).Op('s').ToArray();
        var zip = TorchZip.OfEntries(
            [("archive/", []), ("archive/data.pkl", pickle), ("archive/data/", []), ("archive/data/0", new byte[4])]);
        Assert.Null(Reading.OutcomeOf(zip));
    }

    [Fact]
    public void Entries_over_one_another_are_refused()
    {
        var zip = TorchZip.OfEntries(
            [("archive/data.pkl", EmptyDict), ("archive/data/0", new byte[64]), ("archive/data/0", new byte[64])]);
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(zip));

        // The second entry points at the first one's bytes.
        var twice = TorchZip.OfEntries([("a/data.pkl", EmptyDict), ("a/data.pk2", new byte[64])]);
        Patch(twice, central: 42, value: 0);
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(twice));
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(10, 99)]
    [InlineData(16, 12345)]
    [InlineData(20, 7)]
    [InlineData(42, 9999)]
    [InlineData(42, -2)]
    public void A_directory_that_lies_is_refused(int field, int value)
    {
        var zip = TorchZip.OfEntries([("archive/data.pkl", EmptyDict)]);
        Patch(zip, field, value);
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(zip));
    }

    [Fact]
    public void A_zip_of_something_else_is_no_checkpoint()
    {
        var zip = TorchZip.OfEntries([("word/document.xml", "<xml/>"u8.ToArray()), ("mimetype", [1])]);
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(zip));
    }

    [Fact]
    public void A_storage_of_another_size_or_none_is_refused()
    {
        var pickle = new PickleWriter().Op('}').Text("a").Tensor("0", [4]).Op('s').ToArray();
        Assert.Null(Reading.OutcomeOf(TorchZip.Of(pickle, ("0", [1, 2, 3, 4]))));
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.OutcomeOf(TorchZip.Of(pickle, ("0", [1, 2, 3]))));
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.OutcomeOf(TorchZip.Of(pickle, ("1", [1, 2, 3, 4]))));
    }

    // Overwrites a field of the last entry of the central directory.
    private static void Patch(byte[] zip, int central, int value)
    {
        var entry = zip.AsSpan().LastIndexOf("PK\x01\x02"u8);
        var width = central is 8 or 10 ? 2 : 4;
        if (width == 2)
        {
            BinaryPrimitives.WriteInt16LittleEndian(zip.AsSpan(entry + central), (short)value);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(entry + central), value);
        }
    }
}
