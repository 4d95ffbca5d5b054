using Leaderboard.Evaluator.Metrics;
using Leaderboard.Shared.Evaluations;
using TorchSharp;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.LowShot;

/// <summary>Features of a split and what is true of each of its images.</summary>
/// <param name="Features">float32 [N, D].</param>
/// <param name="Labels">The class of each image, or its classes.</param>
internal sealed record LabelledRows<TLabel>(Tensor Features, IReadOnlyList<TLabel> Labels);

/// <summary>What to solve and where.</summary>
/// <param name="Draws">Each is solved and scored by itself.</param>
/// <param name="Cost">C of the SVM.</param>
/// <param name="Device">Where is computed: <c>cpu</c> or <c>cuda:N</c>.</param>
internal sealed record LowShotRequest(IReadOnlyList<LowShotDraw> Draws, double Cost, string Device);

/// <summary>
/// Protocol <c>low_shot_svm</c>: linear SVMs on frozen features of a few images a class, the transfer protocol of MoPro
/// (Li et al. 2021, salesforce/MoPro <c>lowshot_svm.py</c>; for VOC the same in salesforce/PCL <c>eval_svm_voc.py</c>).
/// Features are divided by their length plus 1e-5, the cost is 0.5, one SVM a class, see <see cref="LinearSvm"/> and
/// <see cref="LowShotDraws"/>; every test image counts.
/// </summary>
/// <remarks>
/// On VOC 2007 trainval gives the draws and test the score; a positive costs twice as much as a negative; a difficult
/// object counts as absent, in both splits. The protocol began in facebookresearch/fair_self_supervision_benchmark
/// (Goyal et al. 2019, <c>tools/svm</c>), which draws negatives too, passes images over that are difficult for a class, and
/// picks the cost: its figures are of another protocol.
/// </remarks>
internal static class LowShotSvm
{
    private const double CostOfPositive = 2;
    private const int TestRows = 4096;

    /// <summary>
    /// Accuracy of the class with the largest decision value, as on Places205; of equal values the lower class.
    /// </summary>
    /// <param name="train">The images that draws take from.</param>
    /// <param name="test">The images that count.</param>
    /// <param name="request">The draws.</param>
    /// <param name="onDraw">Takes how many draws are done.</param>
    /// <param name="cancellationToken">Stops between two draws.</param>
    public static IReadOnlyList<DrawScore> Classify(
        LabelledRows<int> train, LabelledRows<int> test, LowShotRequest request, Action<int>? onDraw,
        CancellationToken cancellationToken)
    {
        return [.. EachDraw(request, Score, onDraw, cancellationToken)];

        DrawScore Score(LowShotDraw draw)
        {
            // A class that the draw lacks cannot be predicted.
            var classes = draw.Samples.Select(sample => train.Labels[sample]).Distinct().Order().ToArray();
            var heads = new Heads(
                classes.Length, (sample, head) => train.Labels[sample] == classes[head], request.Cost, request.Cost);
            var decisions = Decide(train.Features, test.Features, draw, heads, request.Device);
            var correct = test.Labels.Index().LongCount(
                sample => classes[Largest(decisions.Of(sample.Index))] == sample.Item);
            return new DrawScore(
                draw.Shots, draw.Number, (double)correct / test.Labels.Count, correct, AveragePrecisions: null);
        }
    }

    /// <summary>Mean of the classes' average precisions, as on VOC 2007; the parameters are those of the other.</summary>
    public static IReadOnlyList<DrawScore> Rank(
        LabelledRows<int[]> train, LabelledRows<int[]> test, int classCount, LowShotRequest request,
        Action<int>? onDraw, CancellationToken cancellationToken)
    {
        return [.. EachDraw(request, Score, onDraw, cancellationToken)];

        DrawScore Score(LowShotDraw draw)
        {
            var heads = new Heads(
                classCount, (sample, head) => train.Labels[sample].Contains(head),
                CostOfPositive * request.Cost, request.Cost);
            var decisions = Decide(train.Features, test.Features, draw, heads, request.Device);
            double?[] precisions = [.. Enumerable.Range(0, heads.Count).Select(
                c => AveragePrecision.Of([.. test.Labels.Select(classes => classes.Contains(c))], decisions.OfHead(c)))];
            return new DrawScore(
                draw.Shots, draw.Number, precisions.Average() ?? throw NoPositives(), Correct: null, precisions);
        }
    }

    private static IEnumerable<DrawScore> EachDraw(
        LowShotRequest request, Func<LowShotDraw, DrawScore> score, Action<int>? onDraw, CancellationToken cancellationToken)
    {
        foreach (var (done, draw) in request.Draws.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return score(draw);
            onDraw?.Invoke(done + 1);
        }
    }

    private static Decisions Decide(
        Tensor trainFeatures, Tensor testFeatures, LowShotDraw draw, Heads heads, string device)
    {
        using var scope = NewDisposeScope();
        var drawn = tensor(draw.Samples.Select(sample => (long)sample).ToArray());
        var positive = tensor(
            (from sample in draw.Samples from head in Enumerable.Range(0, heads.Count) select heads.IsPositive(sample, head))
            .ToArray(), [draw.Samples.Count, heads.Count], device: torch.device(device)).to(ScalarType.Float64);
        var svm = LinearSvm.Fit(
            Normalised(trainFeatures.index_select(0, drawn), device),
            (2 * positive) - 1,
            (positive * (heads.CostOfPositive - heads.CostOfNegative)) + heads.CostOfNegative);
        var decisions = new Decisions(new double[testFeatures.shape[0] * heads.Count], heads.Count);
        for (var first = 0L; first < testFeatures.shape[0]; first += TestRows)
        {
            using var block = NewDisposeScope();
            var rows = testFeatures.narrow(0, first, Math.Min(TestRows, testFeatures.shape[0] - first));
            svm.Decide(Normalised(rows, device)).cpu().data<double>()
                .CopyTo(decisions.Values.AsSpan((int)first * heads.Count));
        }
        return decisions;
    }

    // The script divides in float32 and solves in float64; here all is float64.
    private static Tensor Normalised(Tensor features, string device)
    {
        var rows = features.to(torch.device(device)).to(ScalarType.Float64);
        return rows.isfinite().all().item<bool>()
            ? rows / (rows.norm(1, keepdim: true) + 1e-5)
            : throw new EvaluationFailedException(
                FailureCodes.OutputNotFinite, "The network's features of an image are not finite.");
    }

    private static int Largest(ReadOnlySpan<double> values)
    {
        var largest = 0;
        for (var i = 1; i < values.Length; i++)
        {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest;
    }

    private static EvaluationFailedException NoPositives() =>
        new(FailureCodes.DatasetChanged, "No test image has any of the classes.");

    private sealed record Heads(
        int Count, Func<int, int, bool> IsPositive, double CostOfPositive, double CostOfNegative);

    // Of every test image, row by row, the decision value of every head.
    private sealed record Decisions(double[] Values, int HeadCount)
    {
        public ReadOnlySpan<double> Of(int sample) => Values.AsSpan(sample * HeadCount, HeadCount);

        public double[] OfHead(int head) => [.. Values.Where((_, i) => i % HeadCount == head)];
    }
}
