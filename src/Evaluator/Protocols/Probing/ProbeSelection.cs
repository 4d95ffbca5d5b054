using Leaderboard.Evaluator.Features;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Evaluations;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>
/// Protocol <c>linear_probe</c>: a linear head for each penalty, learnt on all of train; the one that is best on the
/// selection split predicts. Where there is none, the penalty is selected by heads learnt on four fifths of train, on the
/// fifth that is held out. Of penalties that are equally good, the largest is taken.
/// </summary>
internal static class ProbeSelection
{
    public static Learned Run(
        IReadOnlyList<double> lambdas,
        LabelledFeatures train,
        LabelledFeatures? selection,
        LabelledFeatures evaluated,
        int classCount,
        Device device,
        Action<Prediction> onPrediction)
    {
        using var scope = NewDisposeScope();
        var (trainTargets, targets) = (train.Classes(), evaluated.Classes());
        var features = train.Values.to(device);
        var scored = evaluated.Values.to(device);
        var peakMemory = 0L;
        void Watch(ProbeProgress progress) => peakMemory = Math.Max(peakMemory, ProcessMemory.Anonymous());
        var heads = LinearProbe.Solve(features, trainTargets, classCount, lambdas, Watch, CancellationToken.None);
        RequireSolved(heads);
        var selected = selection is null
            ? OnHoldout(features, trainTargets, classCount, lambdas, Watch)
            : OnSplit(heads, selection.Values.to(device), selection.Classes());
        var best = Enumerable.Range(0, heads.Count)
            .OrderByDescending(i => selected[i]).ThenByDescending(i => lambdas[i]).First();
        heads[best].ForEach(scored, (sample, logits) => onPrediction(Classification.Predict(logits, sample)));
        var penalties = heads.Select((head, i) => new PenaltyProvenance(
            head.Lambda, head.Objective, head.Gap, head.Iterations, selected[i], Accuracy(head, scored, targets))).ToList();
        foreach (var head in heads)
        {
            head.Dispose();
        }
        return new Learned(peakMemory, penalties, best);
    }

    // An optimum that is not reached is not published, nor is a penalty selected by it. What LinearProbe.RelativeTolerance
    // asks for beyond may lie below what float32 can tell.
    private static void RequireSolved(IReadOnlyList<ProbeHead> heads)
    {
        if (heads.FirstOrDefault(head => !(head.Gap <= LinearProbe.Tolerance)) is { } open)
        {
            throw new EvaluationFailedException(
                FailureCodes.ProbeUnsolved,
                FormattableString.Invariant(
                    $"At penalty {open.Lambda} the objective is not proven to be within {LinearProbe.Tolerance} of its optimum after {open.Iterations} iterations: the gap is {open.Gap}."));
        }
    }

    /// <summary>The accuracy at each penalty, on a fifth of the samples, of heads that are learnt on the others.</summary>
    internal static double[] OnHoldout(
        Tensor features, int[] targets, int classCount, IReadOnlyList<double> lambdas, Action<ProbeProgress>? onProgress,
        int maxRounds = LinearProbe.DefaultMaxRounds)
    {
        var (kept, heldOut) = Holdout.Of(targets.Length);
        if (heldOut.Length == 0)
        {
            // Of fewer than five samples nothing can be held out: all penalties are equally good.
            return new double[lambdas.Count];
        }
        using var scope = NewDisposeScope();
        var heads = LinearProbe.Solve(
            Rows(features, kept), [.. kept.Select(i => targets[i])], classCount, lambdas, onProgress,
            CancellationToken.None, maxRounds);
        RequireSolved(heads);
        var rest = Rows(features, heldOut);
        var accuracies = OnSplit(heads, rest, [.. heldOut.Select(i => targets[i])]);
        foreach (var head in heads)
        {
            head.Dispose();
        }
        return accuracies;
    }

    private static double[] OnSplit(IReadOnlyList<ProbeHead> heads, Tensor features, int[] targets) =>
        [.. heads.Select(head => Accuracy(head, features, targets))];

    private static Tensor Rows(Tensor features, int[] rows) =>
        features.index_select(0, tensor(rows.Select(row => (long)row).ToArray(), device: features.device));

    private static double Accuracy(ProbeHead head, Tensor features, int[] targets)
    {
        var correct = 0L;
        head.ForEach(features, (sample, logits) =>
            correct += Classification.Predict(logits, sample).Top[0] == targets[sample] ? 1 : 0);
        return (double)correct / targets.Length;
    }
}
