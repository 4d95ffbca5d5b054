using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Evaluations;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>
/// Protocol <c>classify</c>: the network's own classifier on every sample, once each, in the dataset's order. The loop
/// is that of timm's <c>validate.py</c>, without its skipping of unreadable images.
/// </summary>
internal static class Classification
{
    /// <param name="model">The network.</param>
    /// <param name="images">The samples.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="onPredictions">Takes the next samples' predictions, batch after batch.</param>
    public static void Run(
        LoadedModel model, ImageSource images, RunRequest request, Device device, Action<Prediction[]> onPredictions)
    {
        using var _ = inference_mode();
        var format = BatchFormat.ForCpu(PixelLayout.ChannelsLast, images.Size);
        using var batches = new ImageBatches(images, request.EvalTransform, format, request.Load.Threads);
        var done = 0;
        while (batches.Next() is { } batch)
        {
            // One scope a batch: its tensors and every temporary of the forward pass are freed here.
            using var scope = NewDisposeScope();
            var logits = Logits(model, TorchView.Of(batch).to(device), request.ClassCount);
            var values = logits.data<float>().ToArray();
            var predictions = new Prediction[batch.Count];
            for (var i = 0; i < batch.Count; i++)
            {
                var row = values.AsSpan(i * request.ClassCount, request.ClassCount);
                predictions[i] = Predict(row, batch.First + i, images.NameOf);
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

    private static Tensor Logits(LoadedModel model, Tensor images, int classCount)
    {
        var logits = model.Forward(images);
        if (logits.dim() != 2 || logits.shape[0] != images.shape[0] || logits.shape[1] != classCount)
        {
            throw new EvaluationFailedException(
                FailureCodes.ClassCountMismatch,
                $"The benchmark has {classCount} classes; for {images.shape[0]} images the network answers with a tensor "
                + $"of shape [{string.Join(", ", logits.shape)}].");
        }
        return logits.to(ScalarType.Float32).cpu().contiguous();
    }

    /// <summary>The classes of the largest logits and the softmax of the first, in double.</summary>
    internal static Prediction Predict(ReadOnlySpan<float> logits, int sample, Func<int, string> nameOf)
    {
        var top = new int[PredictionsFile.Depth(logits.Length)];
        var kept = 0;
        for (var c = 0; c < logits.Length; c++)
        {
            if (!float.IsFinite(logits[c]))
            {
                throw new EvaluationFailedException(
                    FailureCodes.OutputNotFinite, $"The network's output for {nameOf(sample)} is {logits[c]} at class {c}.");
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
