using Leaderboard.Evaluator.Checkpoints;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

/// <summary>Every number of eight bits against libtorch, whose own types these are; Debian's PyTorch has none of them.</summary>
public sealed class EightBitFloatsTests
{
    // ScalarType of c10/core/ScalarType.h: TorchSharp has no names for them.
    [Theory]
    [InlineData("float8_e5m2", 23)]
    [InlineData("float8_e4m3fn", 24)]
    [InlineData("float8_e5m2fnuz", 25)]
    [InlineData("float8_e4m3fnuz", 26)]
    [InlineData("float8_e8m0fnu", 44)]
    public void Every_number_is_what_libtorch_makes_of_it(string dtype, int scalarType)
    {
        using var scope = NewDisposeScope();
        byte[] all = [.. Enumerable.Range(0, 256).Select(bits => (byte)bits)];
        var stored = empty(all.Length, (ScalarType)scalarType);
        all.CopyTo(stored.bytes);
        var expected = stored.to(ScalarType.Float32).data<float>().ToArray();

        var read = StoredTensor.Contiguous(TensorDtype.OfName(dtype)!, [256], 256, StoredBytes.InMemory(all));

        // Of NaN there are many, which are all the same.
        Assert.Equal(expected, Reading.Numbers(read));
        Assert.NotEqual(expected[1], expected[2]);
    }
}
