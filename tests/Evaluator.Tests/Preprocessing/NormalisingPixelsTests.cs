using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Preprocessing;

namespace Leaderboard.Evaluator.Tests.Preprocessing;

public sealed class NormalisingPixelsTests
{
    private static readonly byte[] Ramp = [.. Enumerable.Range(0, 3 * 256).Select(i => (byte)(i / 3))];

    [Fact]
    public void All_values_have_the_bits_of_torchvision_as_planes_and_with_channels_last()
    {
        foreach (var golden in Goldens.Read<NormalisedGolden[]>("normalised.json"))
        {
            var expected = MemoryMarshal.Cast<byte, int>(Convert.FromHexString(golden.Planes)).ToArray();
            var normalisation = new Normalisation(Goldens.WholeImage with { Mean = golden.Mean, Std = golden.Std });
            var planes = new float[Ramp.Length];
            var channelsLast = new float[Ramp.Length];

            normalisation.ToPlanes(Ramp, planes);
            normalisation.ToChannelsLast(Ramp, channelsLast);

            Assert.Equal(expected, MemoryMarshal.Cast<float, int>(planes).ToArray());
            Assert.Equal(
                Enumerable.Range(0, Ramp.Length).Select(i => planes[(i % 3 * 256) + (i / 3)]), channelsLast);
        }
    }

    [Fact]
    public void Lengths_that_are_no_multiple_of_a_vector_are_normalised_to_the_end()
    {
        var normalisation = new Normalisation(Goldens.WholeImage);
        for (var count = 1; count < 40; count++)
        {
            var pixels = SyntheticImage.Pixels(count, 1);
            var planes = new float[pixels.Length];
            var channelsLast = new float[pixels.Length];

            normalisation.ToPlanes(pixels, planes);
            normalisation.ToChannelsLast(pixels, channelsLast);

            for (var i = 0; i < pixels.Length; i++)
            {
                var (mean, std) = ((float)Goldens.WholeImage.Mean[i % 3], (float)Goldens.WholeImage.Std[i % 3]);
                var expected = ((pixels[i] / 255f) - mean) / std;
                Assert.Equal(expected, channelsLast[i]);
                Assert.Equal(expected, planes[(i % 3 * count) + (i / 3)]);
            }
        }
    }
}
