using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Models;

public sealed class LowerPrecisionTests
{
    // Eight bits of mantissa, rounded at every one of some twenty layers.
    private const double Tolerance = 0.05;

    [Theory]
    [InlineData("cifar_resnet20")]
    [InlineData("vit_ti_16.timm")]
    public void In_bfloat16_a_network_gives_its_logits_as_well_as_eight_bits_can(string name)
    {
        var golden = ArchitectureGolden.Read(name);
        using var file = new TemporaryFile();
        NamedTensor.WriteSafetensors(file.Path, [.. golden.State.Select(line => new NamedTensor(
            line.Name, line.Shape, NamedTensor.Between(line.Name, line.Low, line.High, line.Shape)))]);
        using var model = ModelLoader.Load(file.Path, Reading.Plain, Loading.Cpu with { Precision = Precision.BFloat16 });

        Assert.StartsWith("libtorch", model.Engine.Name, StringComparison.Ordinal);
        foreach (var (shape, expected) in golden.Runs)
        {
            var logits = Loading.Run(model.Engine, NamedTensor.Between("input", -2, 2, shape), shape).Values.ToArray();
            var (largest, error) = (expected.Max(Math.Abs), expected.Zip(logits, (a, b) => Math.Abs(a - b)).Max());
            Assert.InRange(error / largest, 1e-4, Tolerance);
        }
    }
}
