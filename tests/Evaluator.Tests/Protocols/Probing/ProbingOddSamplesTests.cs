using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Protocols.Probing;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Shared.Evaluations;
using TorchSharp;

namespace Leaderboard.Evaluator.Tests.Protocols.Probing;

public sealed class ProbingOddSamplesTests
{
    private static readonly double[] Lambdas = [1e-5, 1e-2, 1];

    [Fact]
    public void Features_that_are_all_zero_leave_the_classes_shares() => AssertNoWeights(new float[30 * 4], 30);

    [Fact]
    public void Features_that_never_vary_leave_the_classes_shares() =>
        AssertNoWeights([.. Enumerable.Repeat(new[] { 3f, -1e4f, 0.1f, 7f }, 30).SelectMany(sample => sample)], 30);

    [Fact]
    public void Heads_that_are_not_solved_select_no_penalty()
    {
        using var features = torch.tensor(NamedTensor.Between("unsolved", 0, 1, 60, 4), [60, 4]);
        int[] targets = [.. Enumerable.Range(0, 60).Select(i => i * i % 3)];

        Assert.Equal(2, ProbeSelection.OnHoldout(features, targets, 3, [1e-2, 1e-1], null).Length);
        var failure = Assert.Throws<EvaluationFailedException>(
            () => ProbeSelection.OnHoldout(features, targets, 3, [1e-2, 1e-1], null, maxRounds: 1));
        Assert.Equal(FailureCodes.ProbeUnsolved, failure.Code);
    }

    [Fact]
    public void One_class_is_always_predicted()
    {
        foreach (var head in Solve(NamedTensor.Between("one class", 0, 1, 20, 4), Enumerable.Repeat(2, 20), classCount: 5))
        {
            Assert.Equal((0, 0), (head.Objective, head.Gap));
            Assert.Equal(2, Prediction(head, [9, -9, 9, -9]));
        }
    }

    [Fact]
    public void A_class_without_samples_is_never_predicted_and_its_logits_are_finite()
    {
        foreach (var head in Solve(NamedTensor.Between("two of four", 0, 1, 40, 4), Alternating(40).Select(c => (2 * c) + 1), 4))
        {
            Assert.Contains(Prediction(head, [-1e3f, 1e3f, 0, 0]), new[] { 1, 3 });
            Assert.Equal(float.MinValue, head.Bias[0].ToSingle());
        }
    }

    [Fact]
    public void Two_classes_that_a_line_parts_are_told_apart()
    {
        float[] features = [.. Alternating(50).Select((target, i) => target == 0 ? -1f - (i % 7) : 1f + (i % 5))];

        foreach (var head in Solve(features, Alternating(50), classCount: 2).Where(head => head.Lambda < 1))
        {
            Assert.Equal((0, 1), (Prediction(head, [-2]), Prediction(head, [2])));
        }
    }

    [Fact]
    public void Samples_that_are_listed_twice_over_have_the_optimum_of_the_single_list()
    {
        var features = NamedTensor.Between("doubled", 0, 1, 50, 6);
        // Each chunk of ten per cent holds the same samples, twice.
        var doubled = Enumerable.Range(0, 10).SelectMany(chunk => Enumerable.Repeat(features.Skip(chunk * 30).Take(30), 2)).SelectMany(x => x);
        var targets = Enumerable.Range(0, 50).Select(i => i * i % 3).ToArray();
        var doubledTargets = targets.Chunk(5).SelectMany(chunk => chunk.Concat(chunk));

        var (once, twice) = (Solve(features, targets, 3), Solve([.. doubled], doubledTargets, 3));

        Assert.All(once.Zip(twice), pair => Assert.Equal(pair.First.Objective, pair.Second.Objective, 1.1e-4));
    }

    [Fact]
    public void Fewer_samples_than_classes_are_learnt_by_heart()
    {
        var features = NamedTensor.Between("fewer", -1, 1, 12, 30);

        var head = Solve(features, Enumerable.Range(0, 12), classCount: 100)[0];

        Assert.Equal(Enumerable.Range(0, 12), features.Chunk(30).Select(sample => Prediction(head, sample)));
    }

    [Fact]
    public void A_single_sample_has_a_head() => Assert.Equal(0, Solve([1, 2, 3], [1], classCount: 2)[0].Objective);

    [Fact]
    public void Features_of_any_offset_and_scale_are_probed_alike()
    {
        var features = NamedTensor.Between("scaled", -1, 1, 60, 5);
        var targets = Enumerable.Range(0, 60).Select(i => features[5 * i] + (0.3 * Math.Sin(i)) > 0 ? 1 : 0).ToArray();

        var plain = Solve(features, targets, 2, [0.1])[0];
        var scaled = Solve([.. features.Select(number => (1000 * number) + 4000)], targets, 2, [100])[0];

        Assert.Equal(plain.Objective, scaled.Objective, 2e-4);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Features_that_are_not_finite_are_refused_and_the_sample_is_named(float number)
    {
        var features = NamedTensor.Between("broken", 0, 1, 40, 4);
        features[(17 * 4) + 2] = number;

        var failure = Assert.Throws<EvaluationFailedException>(() => Solve(features, Alternating(40), 2));

        Assert.Equal(FailureCodes.OutputNotFinite, failure.Code);
        Assert.Equal(17, failure.Sample);
    }

    [Fact]
    public void Features_whose_squares_overflow_are_refused()
    {
        var failure = Assert.Throws<EvaluationFailedException>(
            () => Solve([.. NamedTensor.Between("huge", -1e30, 1e30, 40, 4)], Alternating(40), 2));

        Assert.Equal(FailureCodes.OutputNotFinite, failure.Code);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(9, 9, 9)]
    [InlineData(10, 1, 1)]
    [InlineData(27, 2, 9)]
    [InlineData(100, 10, 10)]
    public void The_tenth_chunk_takes_the_rest_and_every_chunk_weighs_one(int samples, int size, int last) =>
        Assert.Equal(
            Enumerable.Repeat(1f / size, samples - last).Concat(Enumerable.Repeat(1f / last, last)), ChunkWeights.Of(samples));

    [Theory]
    [InlineData(0, 2, 1)]
    [InlineData(4, 2, 1)]
    [InlineData(3, 1, 1)]
    [InlineData(3, 2, 0)]
    [InlineData(3, 2, double.NaN)]
    public void A_problem_that_is_none_is_refused(int samples, int classCount, double lambda) =>
        Assert.Throws<ArgumentException>(() => Solve(new float[3], Enumerable.Range(0, samples).Select(i => i % 2), classCount, [lambda], width: 1));

    [Fact]
    public void A_probe_can_be_cancelled_and_leaves_no_tensor_behind()
    {
        using var cancelling = new CancellationTokenSource();
        var progress = new List<ProbeProgress>();
        using var features = torch.tensor(NamedTensor.Between("cancelled", 0, 1, 100, 8), 100, 8);
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();

        Assert.Throws<OperationCanceledException>(() => LinearProbe.Solve(
            features, [.. Alternating(100)], 2, Lambdas,
            told =>
            {
                progress.Add(told);
                if (told.Rounds == 3)
                {
                    cancelling.Cancel();
                }
            },
            cancelling.Token));

        Assert.Equal([1, 2, 3], progress.Select(told => told.Rounds));
        Assert.Equal(0, statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Heads_that_are_disposed_of_leave_no_tensor_behind()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();

        foreach (var head in Solve(NamedTensor.Between("leaking", 0, 1, 100, 8), Alternating(100), 2))
        {
            Prediction(head, new float[8]);
            head.Dispose();
        }

        Assert.Equal(0, statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    private static IEnumerable<int> Alternating(int samples) => Enumerable.Range(0, samples).Select(i => i % 2);

    private static void AssertNoWeights(float[] features, int samples) => Assert.All(
        Solve(features, Enumerable.Range(0, samples).Select(i => i % 3 == 0 ? 0 : 1), classCount: 2),
        head =>
        {
            Assert.Equal(0, head.Weight.abs().max().ToSingle());
            Assert.Equal(10 * ((Math.Log(3) / 3) + (Math.Log(1.5) * 2 / 3)), head.Objective, 1e-5);
            Assert.Equal(1, Prediction(head, features[..(features.Length / samples)]));
        });

    private static int Prediction(ProbeHead head, float[] sample)
    {
        using var features = torch.tensor(sample, 1, sample.Length);
        var prediction = -1;
        head.ForEach(features, (_, logits) => prediction = Classification.Predict(logits, sample: 0).Top[0]);
        return prediction;
    }

    private static IReadOnlyList<ProbeHead> Solve(
        float[] features, IEnumerable<int> targets, int classCount, double[]? lambdas = null, int? width = null)
    {
        int[] list = [.. targets];
        using var tensor = torch.tensor(features, features.Length / (width ?? (features.Length / list.Length)), width ?? (features.Length / list.Length));
        return LinearProbe.Solve(
            tensor, list, classCount, lambdas ?? Lambdas, onProgress: null, TestContext.Current.CancellationToken);
    }
}
