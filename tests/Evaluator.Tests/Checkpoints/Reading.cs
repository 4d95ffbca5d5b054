using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

/// <summary>What the tests of checkpoints do over and over.</summary>
internal static class Reading
{
    public static readonly ModelRequest Plain = new(Architecture: null, Weights: null, AllowPrograms: false);

    public static string Golden(params string[] parts) =>
        Path.Combine([Repository.Root, "tests", "Evaluator.Tests", "Goldens", "models", .. parts]);

    /// <summary>The code of the failure that inspecting these bytes ends in.</summary>
    public static string CodeOf(byte[] bytes, ModelRequest? request = null) => FailureOf(bytes, request).Code;

    public static EvaluationFailedException FailureOf(byte[] bytes, ModelRequest? request = null)
    {
        using var file = new TemporaryFile(bytes);
        return Assert.Throws<EvaluationFailedException>(
            () => CheckpointInspector.Inspect(file.Path, request ?? Plain));
    }

    public static CheckpointInspection Inspect(byte[] bytes, ModelRequest? request = null)
    {
        using var file = new TemporaryFile(bytes);
        return CheckpointInspector.Inspect(file.Path, request ?? Plain);
    }

    /// <summary>The code of the failure to read these bytes as named tensors; null where they can be read.</summary>
    public static string? OutcomeOf(byte[] bytes)
    {
        try
        {
            using var file = CheckpointFile.Open(StoredBytes.InMemory(bytes));
            if (file.Kind == CheckpointKind.Tensors)
            {
                Assert.All(StateDict.Of(file, weights: null).Tensors, entry => Numbers(entry.Tensor));
            }
            return null;
        }
        catch (EvaluationFailedException e)
        {
            Assert.False(string.IsNullOrWhiteSpace(e.Message));
            return e.Code;
        }
    }

    /// <summary>A tensor's numbers, or none where they are no floating-point numbers.</summary>
    public static float[] Numbers(StoredTensor tensor)
    {
        if (!tensor.Dtype.IsFloat)
        {
            return [];
        }
        var numbers = new float[tensor.Count];
        tensor.CopyTo(numbers);
        return numbers;
    }
}
