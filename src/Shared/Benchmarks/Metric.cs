namespace Leaderboard.Shared.Benchmarks;

/// <summary>A metric: what a score is the value of. Values are fractions in [0, 1].</summary>
public sealed record Metric(string Name, bool HigherIsBetter)
{
    public const string Top1Accuracy = "top1_accuracy";
    public const string Top5Accuracy = "top5_accuracy";
    public const string MeanPerClassAccuracy = "mean_per_class_accuracy";
    public const string MeanPerClassTop5Accuracy = "mean_per_class_top5_accuracy";
    public const string AverageTop1Accuracy = "average_top1_accuracy";
    public const string ExpectedCalibrationError = "expected_calibration_error";

    /// <summary>Every metric that a benchmark may name.</summary>
    public static readonly IReadOnlyDictionary<string, Metric> All = new Metric[]
    {
        new(Top1Accuracy, HigherIsBetter: true),
        new(Top5Accuracy, HigherIsBetter: true),
        new(MeanPerClassAccuracy, HigherIsBetter: true),
        new(MeanPerClassTop5Accuracy, HigherIsBetter: true),
        new(AverageTop1Accuracy, HigherIsBetter: true),
        new("average_top1_accuracy_max_over_test", HigherIsBetter: true),
        new("mean_average_precision", HigherIsBetter: true),
        new(ExpectedCalibrationError, HigherIsBetter: false),
    }.ToDictionary(metric => metric.Name);

    /// <summary>The metrics that protocol <c>classify</c> measures today.</summary>
    public static readonly IReadOnlySet<string> OfClassify = new HashSet<string>
    {
        Top1Accuracy, Top5Accuracy, MeanPerClassAccuracy, MeanPerClassTop5Accuracy, ExpectedCalibrationError,
    };

    /// <summary>The metrics that are a number of samples over the number of all.</summary>
    public static readonly IReadOnlySet<string> Proportions = new HashSet<string> { Top1Accuracy, Top5Accuracy };
}
