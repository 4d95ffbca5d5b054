using Leaderboard.Evaluator.Protocols.Neighbours;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Evaluations;
using TorchSharp;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Tests.Protocols.Neighbours;

public sealed class NearestNeighboursTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(4096, 4096)]
    [InlineData(64, 100)]
    [InlineData(7, 999)]
    public void They_predict_what_scikit_learn_predicts_in_float64(int queriesAtOnce, int samplesAtOnce)
    {
        var golden = ProtocolGoldens.Read("knn.json");
        var (classCount, width) = (golden.GetProperty("classes").GetInt32(), golden.GetProperty("width").GetInt32());
        var (train, targets) = ProtocolGoldens.Labelled("knn.train", golden.GetProperty("train").GetInt32(), width, classCount);
        var (queries, _) = ProtocolGoldens.Labelled("knn.queries", golden.GetProperty("queries").GetInt32(), width, classCount);
        foreach (var run in golden.GetProperty("runs").EnumerateArray())
        {
            var request = Vote(
                classCount, run.GetProperty("k").GetInt32(), run.GetProperty("temperature").GetDouble()) with
            {
                Block = (queriesAtOnce, samplesAtOnce),
            };

            var (predictions, unproved) = Run(train, targets, queries, request);

            // No query has more near-ties at its k-th place than are looked at in double.
            Assert.Equal(0, unproved);
            Assert.Equal(
                run.GetProperty("top").EnumerateArray().Select(ProtocolGoldens.Integers),
                predictions.Select(prediction => prediction.Top));
            foreach (var (expected, prediction) in
                ProtocolGoldens.Numbers(run.GetProperty("confidence")).Zip(predictions))
            {
                Assert.Equal(expected, prediction.Confidence, 1e-6);
            }
        }
    }

    [Fact]
    public void The_bits_depend_neither_on_blocks_nor_on_threads()
    {
        var (train, targets) = ProtocolGoldens.Labelled("train", 2000, 129, 10);
        var (queries, _) = ProtocolGoldens.Labelled("queries", 300, 129, 10);
        var request = Vote(10, 20);
        var threads = get_num_threads();
        var expected = Run(train, targets, queries, request).Predictions;
        try
        {
            set_num_threads(1);
            Assert.Equivalent(expected, Run(train, targets, queries, request).Predictions, strict: true);
            Assert.Equivalent(
                expected, Run(train, targets, queries, request with { Block = (11, 53) }).Predictions, strict: true);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void Of_equally_near_samples_the_earlier_votes()
    {
        // Every sample stands there 40 times; of the nearest row's copies the first five are of class 1.
        var (rows, _) = ProtocolGoldens.Labelled("rows", 50, 33, 4);
        var train = cat(Enumerable.Repeat(rows, 40).ToArray());
        int[] targets = [.. Enumerable.Range(0, 2000).Select(i => i / 50 < 5 ? 1 : 2)];

        foreach (var block in new[] { (4096, 4096), (16, 77), (50, 50) })
        {
            var predictions = Run(train, targets, rows, Vote(4, 9) with { Block = block }).Predictions;

            Assert.All(predictions, prediction => Assert.Equal([1, 2, 0, 3], prediction.Top));
            Assert.All(predictions, prediction => Assert.Equal(5f / 9, prediction.Confidence));
        }
    }

    [Fact]
    public void Of_classes_with_equal_sums_the_lower_is_first()
    {
        var predictions = Run(ones(6, 3), [3, 1, 2, 1, 3, 2], ones(1, 3), Vote(5, 6)).Predictions;

        Assert.Equal([1, 2, 3, 0, 4], predictions[0].Top);
        Assert.Equal(1f / 3, predictions[0].Confidence);
    }

    [Fact]
    public void Features_that_are_all_equal_let_the_first_samples_vote_and_are_counted_as_undecided()
    {
        var targets = Enumerable.Range(0, 5000).Select(i => i < 10 ? 0 : 1).ToArray();

        var (predictions, unproved) = Run(
            full([5000, 64], 0.3f), targets, full([3, 64], 0.3f), Vote(2, 10) with { Block = (2, 1000) });

        Assert.Equal(3, unproved);
        Assert.All(predictions, prediction => Assert.Equal((0, 1f), (prediction.Top[0], prediction.Confidence)));
    }

    [Fact]
    public void A_vector_of_zeros_is_equally_far_from_everything()
    {
        var train = tensor(new float[] { 0, 0, 1, 0, -1, 0 }, [3, 2]);

        // The query of zeros has similarity 0 with all three: the first votes.
        var (predictions, _) = Run(train, [2, 1, 0], tensor(new float[] { 0, 0, 2, 0 }, [2, 2]), Vote(3, 1));
        Assert.Equal([[2, 0, 1], [1, 0, 2]], predictions.Select(prediction => prediction.Top));

        // 1, 0 and -1 are the similarities of the other.
        var all = Run(train, [2, 1, 0], tensor(new float[] { 2, 0 }, [1, 2]), Vote(3, 3, 1)).Predictions;
        Assert.Equal([1, 2, 0], all[0].Top);
        Assert.Equal(Math.E / (Math.E + 1 + (1 / Math.E)), all[0].Confidence, 1e-7);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(1000)]
    public void A_k_beyond_the_train_split_is_all_of_it_and_one_class_is_always_right(int k)
    {
        var (train, _) = ProtocolGoldens.Labelled("train", 50, 8, 1);

        var (predictions, unproved) = Run(train, new int[50], train, Vote(1, k));

        Assert.Equal(0, unproved);
        Assert.All(predictions, prediction => Assert.Equal((0, 1f), (prediction.Top.Single(), prediction.Confidence)));
    }

    [Fact]
    public void The_length_of_features_and_a_tiny_temperature_change_nothing_but_the_weights()
    {
        var (train, targets) = ProtocolGoldens.Labelled("train", 500, 32, 5);
        var (queries, _) = ProtocolGoldens.Labelled("queries", 40, 32, 5);
        var request = Vote(5, 10, 1e-4);

        var nearest = Run(train, targets, queries, request with { K = 1 }).Predictions;

        // Weights of e^10000 and more are shares still, and the nearest has nearly all.
        var predictions = Run(train * 1e4f, targets, queries * 1e-4f, request).Predictions;
        Assert.Equal(nearest.Select(prediction => prediction.Top[0]), predictions.Select(prediction => prediction.Top[0]));
        Assert.All(predictions, prediction => Assert.InRange(prediction.Confidence, 0.5f, 1f));
    }

    [Fact]
    public void Progress_rises_to_the_number_of_queries()
    {
        var (train, targets) = ProtocolGoldens.Labelled("train", 500, 16, 3);
        var done = new List<int>();

        NearestNeighbours.Run(
            train, targets, train, Vote(3, 5) with { Block = (200, 300) }, done.Add, _ => { },
            TestContext.Current.CancellationToken);

        Assert.Equal([120, 200, 320, 400, 460, 500], done);
    }

    [Fact]
    public void Features_that_are_not_finite_are_refused_in_either_split()
    {
        var (good, targets) = ProtocolGoldens.Labelled("train", 300, 16, 3);
        var bad = good.clone();
        bad[299, 15] = float.NaN;
        var request = Vote(3, 5) with { Block = (100, 100) };

        foreach (var (train, queries) in new[] { (good, bad), (bad, good) })
        {
            var failure = Assert.Throws<EvaluationFailedException>(() => Run(train, targets, queries, request));
            Assert.Equal(FailureCodes.OutputNotFinite, failure.Code);
        }
    }

    [Fact]
    public void It_stops_between_two_blocks()
    {
        var (train, targets) = ProtocolGoldens.Labelled("train", 300, 16, 3);
        using var stop = new CancellationTokenSource();
        var blocks = 0;

        Assert.Throws<OperationCanceledException>(() => NearestNeighbours.Run(
            train, targets, train, Vote(3, 5) with { Block = (300, 100) },
            _ => { blocks++; stop.Cancel(); }, _ => { }, stop.Token));

        Assert.Equal(1, blocks);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var (train, targets) = ProtocolGoldens.Labelled("train", 300, 16, 3);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Run(train, targets, train, Vote(3, 5) with { Block = (50, 60) });

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Voting Vote(int classCount, int k, double temperature = 0.07) => new(classCount, k, temperature, "cpu");

    private static (IReadOnlyList<Prediction> Predictions, int Unproved) Run(
        Tensor train, int[] targets, Tensor queries, Voting request)
    {
        var predictions = new List<Prediction>();
        var unproved = NearestNeighbours.Run(
            train, targets, queries, request, onProgress: null, predictions.AddRange, TestContext.Current.CancellationToken);
        Assert.Equal(queries.shape[0], predictions.Count);
        return (predictions, unproved);
    }
}
