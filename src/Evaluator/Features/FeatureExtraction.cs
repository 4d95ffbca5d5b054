using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Features;

/// <summary>What a network's classifier would compute on, of every sample once, in the dataset's order.</summary>
internal static class FeatureExtraction
{
    /// <param name="engine">Runs the network up to its features.</param>
    /// <param name="batches">The samples.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="folder">Where to leave the <see cref="FeatureFile"/>.</param>
    /// <param name="onMeasured">Told how many numbers a sample's features are, before any is written.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <returns>Numbers of a sample's features.</returns>
    public static int Run(
        Engine engine, ImageBatches batches, int count, string folder, Action<int> onMeasured, IProgress<int> progress)
    {
        using var file = new BufferedStream(File.Create(Path.Combine(folder, FeatureFile.Name)), 1 << 20);
        int? dimension = null;
        foreach (var (batch, answer) in engine.ForwardAll(batches.All()))
        {
            if (dimension is null)
            {
                dimension = DimensionOf(answer, batch.Count);
                onMeasured(dimension.Value);
                file.Write(FeatureFile.Header(count, dimension.Value));
            }
            else if (DimensionOf(answer, batch.Count) != dimension)
            {
                throw Unfit(answer, batch.Count);
            }
            RequireFinite(answer.Values.Span, batch.First, dimension.Value);
            file.Write(MemoryMarshal.AsBytes(answer.Values.Span));
            progress.Report(batch.First + batch.Count);
            batches.Release(batch);
        }
        return dimension!.Value;
    }

    // Pooled maps of one pixel, [N, D, 1, 1], are what a pool without a flattening behind it gives.
    private static int DimensionOf(Output answer, int count) =>
        answer.Shape.Count >= 2 && answer.Shape[0] == count && answer.Shape.Skip(2).All(size => size == 1)
        && answer.Shape[1] is > 0 and <= FeatureFile.MostFeatures
            ? (int)answer.Shape[1]
            : throw Unfit(answer, count);

    private static EvaluationFailedException Unfit(Output answer, int count) => new(
        FailureCodes.FeaturesUnavailable,
        $"For {count} images the network answers with a tensor of shape [{string.Join(", ", answer.Shape)}]; features are "
        + $"[{count}, D], D from 1 to {FeatureFile.MostFeatures}, and the same for every image.");

    private static void RequireFinite(ReadOnlySpan<float> values, int first, int dimension)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new EvaluationFailedException(
                    FailureCodes.OutputNotFinite, $"The network's feature {i % dimension} is {values[i]}.")
                {
                    Sample = first + (i / dimension),
                };
            }
        }
    }
}
