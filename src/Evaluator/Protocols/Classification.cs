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
    /// <param name="images">The samples.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="onPredictions">Takes the next samples' predictions, batch after batch.</param>
    public static void Run(Engine engine, ImageSource images, RunRequest request, Action<Prediction[]> onPredictions)
    {
        using var batches = new ImageBatches(
            images, request.EvalTransform, engine.FormatOf(images.Size), request.Load.Threads);
        var done = 0;
        foreach (var (batch, answer) in engine.ForwardAll(batches.All()))
        {
            var logits = Logits(answer, batch.Count, request.ClassCount);
            var predictions = new Prediction[batch.Count];
            for (var i = 0; i < batch.Count; i++)
            {
                var row = logits.Slice(i * request.ClassCount, request.ClassCount);
                predictions[i] = Predict(row, batch.First + i);
            }
            done += batch.Count;
            batches.Release(batch);
            onPredictions(predictions);
        }
        if (done != images.Count)
        {
            throw new InvalidOperationException($"{done} of {images.Count} samples were evaluated.");
        }
    }

    private static ReadOnlySpan<float> Logits(Output answer, int count, int classCount) =>
        answer.Shape.SequenceEqual([count, classCount])
            ? answer.Values.Span
            : throw new EvaluationFailedException(
                FailureCodes.ClassCountMismatch,
                $"The benchmark has {classCount} classes; for {count} images the network answers with a tensor of shape "
                + $"[{string.Join(", ", answer.Shape)}].");

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
