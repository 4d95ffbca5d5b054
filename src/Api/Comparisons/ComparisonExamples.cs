namespace Leaderboard.Api.Comparisons;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class ComparisonExamples
{
    public static readonly Comparison Comparison = new(
        "webvision-1.0", "1", "top1_accuracy",
        new ComparedEvaluation(new Guid("5b0f8d6e-8a54-4d6f-9b1e-0c7a2f3d4e5f"), "MoPro-V2", 0.739, 36_950),
        new ComparedEvaluation(new Guid("c1b7a5de-2f4e-4d0a-8f2b-6f1f0a9c3b21"), "MoPro-V1", 0.7264, 36_320),
        50_000, 34_700, 2_250, 1_620, 11_430, 0.0126, [0.0102, 0.015], TangoInterval.Method, 3.3e-24, Significant: true,
        Realms: []);
}
