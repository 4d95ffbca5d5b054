using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Tests.Preprocessing;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Tests.Models.Engines;

/// <summary>On tensors of the CPU: looking a number up gives its bits on any device.</summary>
public sealed class PixelTableTests
{
    private const int Count = 5;
    private const int Height = 17;
    private const int Width = 31;

    private readonly byte[] pixels = [.. Enumerable.Range(0, Count).SelectMany(_ => SyntheticImage.Pixels(Width, Height))];

    [Fact]
    public void Bytes_become_the_bits_that_the_CPU_normalises_them_to_with_channels_last()
    {
        var normalisation = new Normalisation(Goldens.WholeImage);
        var expected = new float[pixels.Length];
        normalisation.ToChannelsLast(pixels, expected);

        using var scope = NewDisposeScope();
        using var table = new PixelTable(normalisation, CPU, ScalarType.Float32);
        var normalised = table.Normalise(tensor(pixels).view(Count, Height, Width, 3));

        Assert.Equal([Count, 3, Height, Width], normalised.shape);
        var inMemory = normalised.permute(0, 2, 3, 1);
        Assert.True(inMemory.is_contiguous());
        Assert.Equal(
            MemoryMarshal.Cast<float, int>(expected).ToArray(),
            MemoryMarshal.Cast<float, int>(inMemory.data<float>().ToArray()).ToArray());
    }

    [Fact]
    public void In_bfloat16_they_become_what_float32_rounds_to()
    {
        var normalisation = new Normalisation(Goldens.WholeImage);
        var expected = new float[pixels.Length];
        normalisation.ToChannelsLast(pixels, expected);

        using var scope = NewDisposeScope();
        using var table = new PixelTable(normalisation, CPU, ScalarType.BFloat16);
        var normalised = table.Normalise(tensor(pixels).view(Count, Height, Width, 3));

        Assert.Equal(ScalarType.BFloat16, normalised.dtype);
        Assert.Equal(tensor(expected).to(ScalarType.BFloat16), normalised.permute(0, 2, 3, 1).flatten());
    }
}
