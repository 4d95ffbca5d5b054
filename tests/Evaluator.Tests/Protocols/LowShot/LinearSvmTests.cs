using Leaderboard.Evaluator.Protocols.LowShot;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Tests.Protocols.LowShot;

public sealed class LinearSvmTests : IDisposable
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void One_sample_has_the_optimum_that_a_pencil_finds()
    {
        // With x = 2 and y = 1: w = 2a and b = a, where a = 2c(1 - 5a).
        var svm = LinearSvm.Fit(Column(2), Column(1), Column(0.5));

        const double A = 1 / 6.0;
        Assert.Equal((5 * A * A / 2) + (0.5 * (1 - (5 * A)) * (1 - (5 * A))), svm.Objectives.Single(), 1e-12);
        Assert.Equal(5 * A, svm.Decide(Column(2)).item<double>(), 1e-9);
    }

    [Fact]
    public void Duplicates_zeros_and_a_head_without_positives_are_solved()
    {
        var features = cat([zeros(4, 3, ScalarType.Float64), ones(4, 3, ScalarType.Float64)]);
        var signs = stack(
            [
                cat([-ones(4, ScalarType.Float64), ones(4, ScalarType.Float64)]), -ones(8, ScalarType.Float64),
                ones(8, ScalarType.Float64),
            ], 1);

        var svm = LinearSvm.Fit(features, signs, full_like(signs, 0.5));

        var decisions = svm.Decide(features);
        Assert.True((decisions * signs).gt(0).all().item<bool>());
        Assert.InRange(svm.Gap, 0, 1e-16);
        // The second and third head are each other's mirror.
        Assert.Equal(0, (decisions[TensorIndex.Colon, 1] + decisions[TensorIndex.Colon, 2]).abs().max().item<double>(), 1e-9);
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1)]
    [InlineData(1e4)]
    public void Any_cost_is_solved_to_the_same_distance(double cost)
    {
        var (features, targets) = ProtocolGoldens.Labelled("cost", 80, 20, 2);
        var signs = Column([.. targets.Select(target => target == 0 ? -1.0 : 1.0)]);

        var svm = LinearSvm.Fit(features.to(ScalarType.Float64), signs, full_like(signs, cost));

        Assert.InRange(svm.Gap, 0, LinearSvm.WorstGap);
    }

    [Fact]
    public void Heads_beyond_those_of_one_block_are_solved_like_those_within()
    {
        var (features, targets) = ProtocolGoldens.Labelled("heads", 30, 10, 2);
        var one = Column([.. targets.Select(target => target == 0 ? -1.0 : 1.0)]);
        var signs = one.repeat(1, 300);

        var svm = LinearSvm.Fit(features.to(ScalarType.Float64), signs, full_like(signs, 0.5));

        var alone = LinearSvm.Fit(features.to(ScalarType.Float64), one, full_like(one, 0.5));
        Assert.Equal(300, svm.Objectives.Count);
        Assert.All(svm.Objectives, objective => Assert.Equal(alone.Objectives[0], objective, 1e-10));
        Assert.Equal(
            alone.Decide(features.to(ScalarType.Float64))[3, 0].item<double>(),
            svm.Decide(features.to(ScalarType.Float64))[3, 299].item<double>(), 1e-7);
    }

    private static Tensor Column(params double[] numbers) => tensor(numbers, [numbers.Length, 1]);
}
