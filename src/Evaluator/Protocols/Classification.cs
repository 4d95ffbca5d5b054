using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>
/// Protocol <c>classify</c>: the network's own classifier on every sample, once each, in the dataset's order. The loop
/// is that of timm's <c>validate.py</c>, without its skipping of unreadable images.
/// </summary>
internal static class Classification
{
    /// <param name="engine">Runs the network.</param>
    /// <param name="batches">The samples.</param>
    /// <param name="wanted">What its answers must be.</param>
    /// <param name="onPredictions">Takes the next samples' predictions, batch after batch.</param>
    public static void Run(
        Engine engine, ImageBatches batches, PredictionsWanted wanted, Action<Prediction[]> onPredictions)
    {
        foreach (var (batch, answer) in engine.ForwardAll(batches.All()))
        {
            var logits = Logits(answer, batch.Count, wanted.ClassCount);
            var predictions = new Prediction[batch.Count];
            for (var i = 0; i < batch.Count; i++)
            {
                var row = logits.Slice(i * wanted.ClassCount, wanted.ClassCount);
                predictions[i] = wanted.ClassMask is { } mask
                    ? Predict(row, mask, batch.First + i)
                    : Predict(row, batch.First + i);
            }
            batches.Release(batch);
            onPredictions(predictions);
        }
    }

    private static ReadOnlySpan<float> Logits(Output answer, int count, int classCount) =>
        answer.Shape.SequenceEqual([count, classCount])
            ? answer.Values.Span
            : throw new EvaluationFailedException(
                FailureCodes.ClassCountMismatch,
                $"The benchmark has {classCount} classes; for {count} images the network answers with a tensor of shape "
                + $"[{string.Join(", ", answer.Shape)}].");

    /// <summary>The prediction among some classes: the others' logits count nowhere.</summary>
    internal static Prediction Predict(ReadOnlySpan<float> logits, IReadOnlyList<int> mask, int sample)
    {
        var among = new float[mask.Count];
        for (var i = 0; i < among.Length; i++)
        {
            among[i] = logits[mask[i]];
        }
        var (top, confidence) = Predict(among, sample);
        return new Prediction([.. top.Select(place => mask[place])], confidence);
    }

    /// <summary>The classes of the largest logits and the softmax of the first, in double.</summary>
    internal static Prediction Predict(ReadOnlySpan<float> logits, int sample)
    {
        var top = new int[PredictionsFile.Depth(logits.Length)];
        var kept = 0;
        for (var c = 0; c < logits.Length; c++)
        {
            if (!float.IsFinite(logits[c]))
            {
                throw new EvaluationFailedException(
                    FailureCodes.OutputNotFinite, $"The network's output is {logits[c]} at class {c}.")
                {
                    Sample = sample,
                };
            }
            // Insertion into the few kept; of equal logits the lower class stays before.
            var place = kept;
            while (place > 0 && logits[top[place - 1]] < logits[c])
            {
                place--;
            }
            if (place < top.Length)
            {
                kept = Math.Min(kept + 1, top.Length);
                top.AsSpan(place, kept - place - 1).CopyTo(top.AsSpan(place + 1));
                top[place] = c;
            }
        }

        var sum = 0.0;
        foreach (var logit in logits)
        {
            sum += Math.Exp((double)logit - logits[top[0]]);
        }
        return new Prediction(top, (float)(1 / sum));
    }
}
