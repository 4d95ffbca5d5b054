using Leaderboard.Evaluator.Protocols.Probing;

namespace Leaderboard.Evaluator.Tests.Protocols.Probing;

public sealed class SolvingProbesTests
{
    // Of the objective: what float32 may round.
    private const double Rounding = 1e-6;

    public static TheoryData<string> Problems => [.. ProbeGolden.Names];

    [Theory]
    [MemberData(nameof(Problems))]
    public void Every_head_is_within_its_gap_of_the_optimum_that_PyTorch_finds(string name)
    {
        var golden = ProbeGolden.Of(name);
        using var heads = new SolvedProbe(golden, golden.Lambdas);

        Assert.All(golden.Heads.Zip(heads), pair =>
        {
            var ((expected, head), rounding) = (pair, Rounding * pair.First.Objective);
            Assert.Equal(expected.Lambda, head.Lambda);
            Assert.InRange(head.Objective - expected.Objective, -rounding, head.Gap + rounding);
            Assert.InRange(head.Gap, 0, Math.Min(LinearProbe.Tolerance, LinearProbe.RelativeTolerance * head.Objective));
        });
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void The_objective_is_that_of_the_head_on_the_features_as_they_came(string name)
    {
        var golden = ProbeGolden.Of(name);
        using var heads = new SolvedProbe(golden, golden.Lambdas);

        Assert.All(heads, head => Assert.Equal(1, ExactObjective.Of(golden, head) / head.Objective, 2e-5));
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Every_penalty_predicts_as_PyTorch_run_to_convergence_and_is_as_accurate(string name)
    {
        var golden = ProbeGolden.Of(name);
        using var heads = new SolvedProbe(golden, golden.Lambdas);
        using var features = golden.HeldOutFeatures();

        Assert.All(golden.Heads.Zip(heads), pair =>
        {
            var (expected, head) = pair;
            var predictions = SolvedProbe.Predictions(head, features);
            Assert.Equal(expected.Predictions, predictions);
            Assert.Equal(Accuracy(expected.Predictions), Accuracy(predictions));
        });

        double Accuracy(int[] predictions) =>
            golden.HeldOutTargets.Zip(predictions).Average(pair => pair.First == pair.Second ? 1.0 : 0);
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Heads_that_advance_in_step_are_those_found_alone(string name)
    {
        var golden = ProbeGolden.Of(name);
        using var together = new SolvedProbe(golden, golden.Lambdas);

        Assert.All(together, head =>
        {
            using var alone = new SolvedProbe(golden, [head.Lambda]);
            Assert.InRange(
                Assert.Single(alone).Objective - head.Objective, -head.Gap - (Rounding * head.Objective), LinearProbe.Tolerance);
        });
    }

    [Fact]
    public void The_same_problem_has_the_same_heads_to_the_bit()
    {
        var golden = ProbeGolden.Of("separable");
        using var first = new SolvedProbe(golden, golden.Lambdas);
        using var second = new SolvedProbe(golden, golden.Lambdas);

        Assert.All(first.Zip(second), pair =>
        {
            Assert.Equal(pair.First.Objective, pair.Second.Objective);
            Assert.Equal(pair.First.Weight.data<float>().ToArray(), pair.Second.Weight.data<float>().ToArray());
            Assert.Equal(pair.First.Bias.data<float>().ToArray(), pair.Second.Bias.data<float>().ToArray());
        });
    }

    [Fact]
    public void A_large_penalty_leaves_no_weights_and_each_class_its_share()
    {
        var golden = ProbeGolden.Of("overlapping");
        using var heads = new SolvedProbe(golden, [100]);

        var head = Assert.Single(heads);
        Assert.All(head.Weight.data<float>().ToArray(), weight => Assert.Equal(0, weight));
        Assert.Equal(0, head.Iterations);
        var shares = golden.Targets.CountBy(target => target).ToDictionary(pair => pair.Key, pair => (double)pair.Value / golden.Samples);
        Assert.All(head.Bias.data<float>().ToArray().Index(), bias => Assert.Equal(Math.Log(shares[bias.Index]), bias.Item, 1e-4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void A_search_that_is_stopped_says_how_far_the_optimum_may_be(int rounds)
    {
        var golden = ProbeGolden.Of("unbalanced");
        using var heads = new SolvedProbe(golden, golden.Lambdas, rounds);

        Assert.All(golden.Heads.Zip(heads), pair =>
        {
            Assert.InRange(pair.Second.Iterations, 0, rounds - 1);
            Assert.InRange(pair.Second.Objective - pair.First.Objective, 0, pair.Second.Gap);
        });
        Assert.Contains(heads, head => head.Gap > LinearProbe.Tolerance);
    }
}
