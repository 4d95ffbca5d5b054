using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Benchmarks;

/// <summary>What an eval transform may be, in a benchmark and in a submission alike.</summary>
internal static class EvalTransformRules
{
    private const int MaxSide = 4096;

    public static void Check(EvalTransform transform, Errors errors)
    {
        const string Field = "eval_transform";
        errors.Require(
            transform.Resize is null or (>= 1 and <= MaxSide), $"{Field}.resize", $"must be 1 to {MaxSide} pixels, or null");
        errors.Require(
            transform.Crop is null or (>= 1 and <= MaxSide), $"{Field}.crop", $"must be 1 to {MaxSide} pixels, or null");
        errors.Require(
            transform.Interpolation is EvalTransform.Bilinear or EvalTransform.Bicubic,
            $"{Field}.interpolation",
            "must be 'bilinear' or 'bicubic'");
        errors.Require(
            transform.Mean.Count == 3 && transform.Mean.All(mean => mean is >= -255 and <= 255),
            $"{Field}.mean",
            "must be three numbers in [-255, 255]");
        errors.Require(
            transform.Std.Count == 3 && transform.Std.All(std => std is >= 1e-6 and <= 255),
            $"{Field}.std",
            "must be three numbers in [1e-6, 255]");
    }
}
