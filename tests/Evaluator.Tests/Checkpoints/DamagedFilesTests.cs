using System.Runtime.InteropServices;
using System.Text.Json;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

public sealed class DamagedFilesTests
{
    public static TheoryData<string> Samples =>
    [
        "zip.pt", "zip64.pt", "legacy_zip.pt", "legacy_shared.pt", "legacy_version1.pt", "dtypes.safetensors",
        "program.pt",
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_file_cut_anywhere_is_refused_as_cut(string name)
    {
        var whole = File.ReadAllBytes(Reading.Golden("formats", name));
        Assert.Null(Reading.OutcomeOf(whole));
        Assert.Equal(FailureCodes.CheckpointEmpty, Reading.OutcomeOf([]));
        for (var length = 1; length < whole.Length; length++)
        {
            // Of fewer bytes than tell the format nothing can be said.
            var expected = length < 9 ? [FailureCodes.CheckpointUnrecognised, FailureCodes.CheckpointTruncated]
                : new[] { FailureCodes.CheckpointTruncated };
            Assert.Contains(Reading.OutcomeOf(whole[..length]), expected);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    [InlineData("training.pt")]
    [InlineData("legacy_protocol4.pt")]
    [InlineData("shared.pt")]
    public void Flipped_bytes_end_in_tensors_or_in_a_code(string name)
    {
        var whole = File.ReadAllBytes(Reading.Golden("formats", name));
        var random = new Random(20260729);
        for (var round = 0; round < 2000; round++)
        {
            var damaged = whole.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }
            Reading.OutcomeOf(damaged);
        }
    }

    [Fact]
    public void A_flipped_byte_of_a_tensor_in_a_zip_is_noticed()
    {
        var whole = File.ReadAllBytes(Reading.Golden("formats", "zip.pt"));
        var place = whole.AsSpan().IndexOf(MemoryMarshal.AsBytes(FirstNumbers().AsSpan()));
        Assert.True(place > 0);
        whole[place] ^= 1;
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.OutcomeOf(whole));
    }

    private static float[] FirstNumbers() =>
    [
        .. JsonDocument.Parse(File.ReadAllText(Reading.Golden("expected.json"))).RootElement
            .GetProperty("zip.pt").GetProperty("a.weight").GetProperty("values")
            .EnumerateArray().Select(value => (float)value.GetDouble()),
    ];
}
