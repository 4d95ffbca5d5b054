using Leaderboard.Evaluator.Checkpoints;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// Positions that are computed and never trained: sines and cosines of the token's place, zeros for the class token, as
/// MoCo v3 and MAE have them (facebookresearch/moco-v3, vits.py, <c>build_2d_sincos_position_embedding</c>).
/// </summary>
internal static class SineCosinePositions
{
    // Far more places than any network's images have; what is larger is not copied to be looked at.
    private const int MaxNumbers = 1 << 25;

    /// <summary>
    /// Whether a tensor [1, T, width] holds them. At the first token every sine is 0 and every cosine 1 exactly, which
    /// trained numbers never all are.
    /// </summary>
    public static bool Has(StateDict state, string name, int width)
    {
        if (state.Find(name)?.Tensor is not { Shape: [1, > 1, var columns], Dtype.IsFloat: true } tensor
            || columns != width || tensor.Count > MaxNumbers)
        {
            return false;
        }
        var numbers = new float[tensor.Count];
        tensor.CopyTo(numbers);
        var token = numbers.AsSpan(width, width);
        for (var i = 0; i < width; i++)
        {
            var isCosine = i / (width / 4) % 2 == 1;
            if (numbers[i] != 0 || token[i] != (isCosine ? 1 : 0))
            {
                return false;
            }
        }
        return true;
    }
}
