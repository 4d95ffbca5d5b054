using System.Buffers.Binary;
using System.Text;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

public sealed class HostileSafetensorsTests
{
    [Theory]
    [InlineData(
        """
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
        "b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}
        """,
        12)]
    [InlineData(
        """
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
        "b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}
        """,
        12)]
    [InlineData(
        """
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
        "a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}
        """,
        8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":3,"shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":7}""", 0)]
    [InlineData("""{"__metadata__":{"a":1}}""", 0)]
    [InlineData("""{"__metadata__":[]}""", 0)]
    [InlineData("""{"a":""", 0)]
    [InlineData("""{}""", 0)]
    public void A_header_that_does_not_fit_is_refused(string header, int dataBytes) =>
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(File(header, dataBytes)));

    [Fact]
    public void Deep_nesting_ends_in_a_code() => Assert.Equal(
        FailureCodes.CheckpointUnrecognised, Reading.CodeOf(File("{\"a\":" + new string('[', 100_000), 0)));

    [Theory]
    [InlineData(1_000, FailureCodes.CheckpointTruncated)]
    [InlineData(100_000_000, FailureCodes.CheckpointTruncated)]
    [InlineData(ulong.MaxValue, FailureCodes.CheckpointUnrecognised)]
    public void A_header_longer_than_the_file_is_refused_before_it_is_read(ulong length, string code)
    {
        var file = File("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4);
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        Assert.Equal(code, Reading.CodeOf(file));
    }

    [Fact]
    public void Every_dtype_of_the_format_is_listed_as_what_it_is()
    {
        string[] codes =
        [
            "BOOL", "U8", "I8", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "F64", "I64", "U64", "C64", "F8_E4M3",
            "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F4", "F6_E2M3", "F6_E3M2",
        ];
        int[] bits = [8, 8, 8, 16, 16, 16, 16, 32, 32, 32, 64, 64, 64, 64, 8, 8, 8, 8, 8, 4, 6, 6];
        var header = new StringBuilder("{");
        var offset = 0;
        foreach (var (code, size) in codes.Zip(bits))
        {
            header.Append($"{(offset == 0 ? "" : ",")}\"{code}\":{{\"dtype\":\"{code}\",\"shape\":[2,4],")
                .Append($"\"data_offsets\":[{offset},{offset += size}]}}");
        }
        Assert.Null(Reading.OutcomeOf(File(header.Append('}').ToString(), offset)));
    }

    private static byte[] File(string header, int dataBytes)
    {
        var text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((ulong)text.Length), .. text, .. new byte[dataBytes]];
    }
}
