using System.Runtime.InteropServices;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Runner;

/// <summary>What the network answered for one sample.</summary>
/// <param name="Top">Classes with the largest logits, best first; of equal logits the lower class comes first.</param>
/// <param name="Confidence">Softmax of the first, in (0, 1].</param>
internal readonly record struct Prediction(int[] Top, float Confidence);

/// <summary>
/// Predictions on their way out of the sandbox: per sample k classes as int32 and one float32, little-endian, nothing
/// else. So plain that reading what an untrusted process wrote needs a length check and a range check.
/// </summary>
internal static class PredictionsFile
{
    /// <summary>Its name in the scratch folder.</summary>
    public const string Name = "predictions";

    /// <summary>How many classes are kept a sample.</summary>
    public static int Depth(int classCount) => Math.Min(5, classCount);

    public static void Write(Stream file, ReadOnlySpan<Prediction> predictions)
    {
        foreach (var prediction in predictions)
        {
            file.Write(MemoryMarshal.AsBytes(prediction.Top.AsSpan()));
            file.Write(MemoryMarshal.AsBytes([prediction.Confidence]));
        }
    }

    /// <param name="path">The file.</param>
    /// <param name="sampleCount">Number of samples.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="mask">The classes that were predicted among, where these are not all.</param>
    public static Prediction[] Read(string path, int sampleCount, int classCount, IReadOnlyCollection<int>? mask = null)
    {
        var depth = Depth(mask?.Count ?? classCount);
        var possible = (mask ?? Enumerable.Range(0, classCount)).ToHashSet();
        var sample = new byte[(depth + 1) * sizeof(int)];
        var predictions = new Prediction[sampleCount];
        // A link would lead out of the scratch folder, and only the sandbox holds its writer there.
        var info = new FileInfo(path);
        if (!info.Exists || info.LinkTarget is not null || info.Length != (long)sample.Length * sampleCount)
        {
            throw Malformed("it is no file of the right length");
        }
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 1 << 16);
        for (var i = 0; i < sampleCount; i++)
        {
            file.ReadExactly(sample);
            var top = MemoryMarshal.Cast<byte, int>(sample.AsSpan(..^sizeof(float))).ToArray();
            var confidence = MemoryMarshal.Read<float>(sample.AsSpan(^sizeof(float)..));
            if (!top.All(possible.Contains) || top.Distinct().Count() != depth || !(confidence is >= 0 and <= 1))
            {
                throw Malformed($"sample {i} is out of range");
            }
            predictions[i] = new Prediction(top, confidence);
        }
        return predictions;
    }

    private static EvaluationFailedException Malformed(string reason) =>
        new(FailureCodes.RunnerCrashed, $"The runner's predictions cannot be read: {reason}.");
}
