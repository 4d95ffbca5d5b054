using System.Text.Json;
using Leaderboard.Evaluator.Protocols.LowShot;
using Leaderboard.Shared.Evaluations;
using TorchSharp;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Tests.Protocols.LowShot;

public sealed class LowShotSvmTests : IDisposable
{
    private static readonly JsonElement Golden = ProtocolGoldens.Read("low_shot.json");
    private static readonly int Classes = Golden.GetProperty("classes").GetInt32();

    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(96)]
    [InlineData(24)]
    public void Its_accuracies_are_those_of_scikit_learn_on_the_same_draws(int width)
    {
        var (train, test) = Splits(width);
        var draws = Draws(ByClass(train.Labels));

        var scores = LowShotSvm.Classify(
            train, test, Request(draws), onDraw: null, TestContext.Current.CancellationToken);

        Assert.Equal(
            Runs("classify", width).Select(draw => draw.GetProperty("correct").GetInt64()),
            scores.Select(draw => draw.Correct!.Value));
        Assert.All(scores, draw => Assert.Equal((double)draw.Correct!.Value / test.Labels.Count, draw.Value, 1e-12));
    }

    [Theory]
    [InlineData(96)]
    [InlineData(24)]
    public void Its_average_precisions_are_those_of_scikit_learn_on_the_same_draws(int width)
    {
        var (train, test) = MultiLabelSplits(width);
        var draws = Draws(LowShotDraws.ByClass(train.Labels, Classes));
        var done = new List<int>();

        var scores = LowShotSvm.Rank(
            train, test, Classes, Request(draws), done.Add, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(1, draws.Count), done);
        Assert.Equal(ProtocolGoldens.Integers(Golden.GetProperty("shots")), scores.Select(draw => draw.Shots).Distinct());
        foreach (var (expected, draw) in Runs("rank", width).Zip(scores))
        {
            var precisions = ProtocolGoldens.Numbers(expected.GetProperty("average_precisions"));
            Assert.Equal(precisions, draw.AveragePrecisions!.Select(precision => Math.Round(precision!.Value, 14)),
                (a, b) => Math.Abs(a - b) < 1e-12);
            Assert.Equal(precisions.Average(), draw.Value, 1e-12);
        }
    }

    [Theory]
    [InlineData("classify", 96)]
    [InlineData("classify", 24)]
    [InlineData("rank", 96)]
    [InlineData("rank", 24)]
    public void Objectives_and_decision_values_are_those_of_LinearSVC_solved_tightly(string kind, int width)
    {
        var isRank = kind == "rank";
        var (train, test) = MultiLabelSplits(width);
        var (_, targets) = ProtocolGoldens.Labelled($"svm{width}.train", train.Labels.Count, width, Classes);
        var draws = Draws(isRank ? LowShotDraws.ByClass(train.Labels, Classes) : ByClass(targets));

        foreach (var (expected, draw) in Runs(kind, width).Zip(draws))
        {
            var positive = tensor(
                (from s in draw.Samples
                 from c in Enumerable.Range(0, Classes)
                 select isRank ? train.Labels[s].Contains(c) : targets[s] == c).ToArray(), [draw.Samples.Count, Classes])
                .to(ScalarType.Float64);
            var svm = LinearSvm.Fit(
                Normalised(train.Features[tensor(draw.Samples.Select(s => (long)s).ToArray())]),
                (2 * positive) - 1, isRank ? 0.5 + (0.5 * positive) : full_like(positive, 0.5));

            AssertClose(1e-9, ProtocolGoldens.Numbers(expected.GetProperty("objectives")), svm.Objectives);
            AssertClose(
                1e-7, ProtocolGoldens.Numbers(expected.GetProperty("decisions")),
                svm.Decide(Normalised(test.Features.narrow(0, 0, 1))).data<double>().ToArray());
            Assert.InRange(svm.Gap, 0, 1e-16);
        }
    }

    [Fact]
    public void The_published_tolerance_of_LinearSVC_lies_close_to_the_optimum() =>
        Assert.InRange(Golden.GetProperty("largest_difference_of_published_tolerance").GetDouble(), 0, 1e-4);

    [Fact]
    public void Features_of_the_drawn_images_are_enough()
    {
        var (train, test) = Splits(24);
        var draws = Draws(ByClass(train.Labels));
        var (samples, within) = LowShotDraws.OnlyDrawn(draws);
        var drawn = new LabelledRows<int>(
            train.Features[tensor(samples.Select(s => (long)s).ToArray())], [.. samples.Select(s => train.Labels[s])]);

        Assert.Equivalent(
            LowShotSvm.Classify(train, test, Request(draws), null, TestContext.Current.CancellationToken),
            LowShotSvm.Classify(drawn, test, Request(within), null, TestContext.Current.CancellationToken),
            strict: true);
    }

    [Fact]
    public void A_class_without_shots_is_never_predicted_and_one_class_always()
    {
        var (train, test) = Splits(24);
        var draws = LowShotDraws.Of(ByClass([.. train.Labels.Select(_ => 3)]), [2], draws: 1);
        var only = train with { Labels = [.. train.Labels.Select(_ => 3)] };

        var score = LowShotSvm.Classify(
            only, test, Request(draws), null, TestContext.Current.CancellationToken).Single();

        Assert.Equal(test.Labels.Count(target => target == 3), score.Correct);
    }

    [Fact]
    public void A_class_that_no_test_image_has_is_left_out_of_the_mean()
    {
        var (train, test) = MultiLabelSplits(24);
        var without = test with
        {
            Labels = [.. test.Labels.Select(classes => classes.Where(c => c != 0).ToArray())],
        };
        var request = Request(LowShotDraws.Of(LowShotDraws.ByClass(train.Labels, Classes), [4], draws: 1));

        var whole = LowShotSvm.Rank(train, test, Classes, request, null, TestContext.Current.CancellationToken).Single();
        var draw = LowShotSvm.Rank(train, without, Classes, request, null, TestContext.Current.CancellationToken).Single();

        Assert.Equal([null, .. whole.AveragePrecisions!.Skip(1)], draw.AveragePrecisions);
        Assert.Equal(whole.AveragePrecisions!.Skip(1).Average()!.Value, draw.Value, 1e-12);
    }

    [Fact]
    public void Features_that_are_not_finite_are_refused()
    {
        var (train, test) = Splits(24);
        test.Features[7, 3] = float.PositiveInfinity;
        var request = Request(Draws(ByClass(train.Labels)));

        var failure = Assert.Throws<EvaluationFailedException>(
            () => LowShotSvm.Classify(train, test, request, null, TestContext.Current.CancellationToken));

        Assert.Equal(FailureCodes.OutputNotFinite, failure.Code);
    }

    [Fact]
    public void It_stops_between_two_draws_and_leaves_no_tensor_behind()
    {
        var (train, test) = Splits(24);
        var request = Request(Draws(ByClass(train.Labels)));
        using var stop = new CancellationTokenSource();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Assert.Throws<OperationCanceledException>(
            () => LowShotSvm.Classify(train, test, request, _ => stop.Cancel(), stop.Token));

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static LowShotRequest Request(IReadOnlyList<LowShotDraw> draws) => new(draws, Cost: 0.5, "cpu");

    private static IReadOnlyList<IReadOnlyList<int>> ByClass(IReadOnlyList<int> targets) =>
        LowShotDraws.ByClass([.. targets.Select(target => new[] { target })], Classes);

    private static IReadOnlyList<LowShotDraw> Draws(IReadOnlyList<IReadOnlyList<int>> classes) =>
        LowShotDraws.Of(classes, ProtocolGoldens.Integers(Golden.GetProperty("shots")));

    private static JsonElement.ArrayEnumerator Runs(string kind, int width) => Golden.GetProperty("runs").EnumerateArray()
        .Single(run => run.GetProperty("kind").GetString() == kind && run.GetProperty("width").GetInt32() == width)
        .GetProperty("draws").EnumerateArray();

    private static (LabelledRows<int> Train, LabelledRows<int> Test) Splits(int width)
    {
        var (train, test) = (Split("train"), Split("test"));
        return (new(train.Features, train.Targets), new(test.Features, test.Targets));

        (Tensor Features, int[] Targets) Split(string name) => ProtocolGoldens.Labelled(
            $"svm{width}.{name}", Golden.GetProperty(name).GetInt32(), width, Classes);
    }

    private static (LabelledRows<int[]> Train, LabelledRows<int[]> Test)
        MultiLabelSplits(int width)
    {
        var (train, test) = Splits(width);
        return (Labelled(train, "train"), Labelled(test, "test"));

        LabelledRows<int[]> Labelled(LabelledRows<int> split, string name) => new(
            split.Features,
            [.. ProtocolGoldens.Labels($"svm{width}.{name}", [.. split.Labels], Classes)
                .Select(labels => Enumerable.Range(0, Classes).Where(c => labels[c] > 0).ToArray())]);
    }

    private static Tensor Normalised(Tensor features) =>
        features.to(ScalarType.Float64) / (features.to(ScalarType.Float64).norm(1, keepdim: true) + 1e-5);

    private static void AssertClose(double tolerance, double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance * (1 + Math.Abs(pair.First))));
    }
}
