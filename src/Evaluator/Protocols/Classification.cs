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
    public static Prediction[] Run(LoadedModel model, RunRequest request, Device device, Action<int> onProgress)
    {
        using var _ = inference_mode();
        using var batches = new ImageBatches(request.Dataset, request.Samples, request.EvalTransform, request.Load.Threads);
        var predictions = new Prediction[request.Samples.Count];
        var done = 0;
        while (true)
        {
            // One scope a batch: its tensors and every temporary of the forward pass are freed here.
            using var scope = NewDisposeScope();
            if (batches.Next() is not { } batch)
            {
                break;
            }
            var logits = Logits(model, batch.Images.to(device), request.ClassCount);
            var values = logits.data<float>().ToArray();
            for (var i = 0; i < batch.Count; i++)
            {
                var row = values.AsSpan(i * request.ClassCount, request.ClassCount);
                predictions[batch.First + i] = Predict(row, request.Samples[batch.First + i]);
            }
            done += batch.Count;
            batches.Release(batch);
            onProgress(done);
        }
        if (done != predictions.Length)
        {
            throw new InvalidOperationException($"{done} of {predictions.Length} samples were evaluated.");
        }
        return predictions;
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
    internal static Prediction Predict(ReadOnlySpan<float> logits, string sample)
    {
        var top = new int[PredictionsFile.Depth(logits.Length)];
        var kept = 0;
        for (var c = 0; c < logits.Length; c++)
        {
            if (!float.IsFinite(logits[c]))
            {
                throw new EvaluationFailedException(
                    FailureCodes.OutputNotFinite, $"The network's output for {sample} is {logits[c]} at class {c}.");
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
