namespace Leaderboard.Shared.Benchmarks;

/// <summary>A metric: what a score is the value of. Values are fractions in [0, 1].</summary>
public sealed record Metric(string Name, bool HigherIsBetter)
{
    public const string Top1Accuracy = "top1_accuracy";
    public const string Top5Accuracy = "top5_accuracy";
    public const string MeanPerClassAccuracy = "mean_per_class_accuracy";
    public const string MeanPerClassTop5Accuracy = "mean_per_class_top5_accuracy";
    public const string AverageTop1Accuracy = "average_top1_accuracy";
    public const string AverageTop1AccuracyMaxOverTest = "average_top1_accuracy_max_over_test";
    public const string MeanAveragePrecision = "mean_average_precision";

    /// <summary>
    /// A realm's part of <see cref="AverageTop1AccuracyMaxOverTest"/>: the largest top-1 over all penalties on the split
    /// that is scored, which the authors of OmniBenchmark select by. No benchmark is ranked by it.
    /// </summary>
    public const string Top1AccuracyMaxOverTest = "top1_accuracy_max_over_test";
    public const string ExpectedCalibrationError = "expected_calibration_error";

    /// <summary>Every metric that a benchmark may name.</summary>
    public static readonly IReadOnlyDictionary<string, Metric> All = new Metric[]
    {
        new(Top1Accuracy, HigherIsBetter: true),
        new(Top5Accuracy, HigherIsBetter: true),
        new(MeanPerClassAccuracy, HigherIsBetter: true),
        new(MeanPerClassTop5Accuracy, HigherIsBetter: true),
        new(AverageTop1Accuracy, HigherIsBetter: true),
        new(AverageTop1AccuracyMaxOverTest, HigherIsBetter: true),
        new(MeanAveragePrecision, HigherIsBetter: true),
        new(ExpectedCalibrationError, HigherIsBetter: false),
    }.ToDictionary(metric => metric.Name);

    private static readonly HashSet<string> OfOneLabel =
        [Top1Accuracy, Top5Accuracy, MeanPerClassAccuracy, MeanPerClassTop5Accuracy, ExpectedCalibrationError];

    /// <summary>The metrics that a definition may name, by its protocol, realms and labels.</summary>
    public static IReadOnlySet<string> Of(BenchmarkDefinition definition) => definition switch
    {
        { Protocol: Protocol.LinearProbe, Realms: not null } =>
            new HashSet<string> { AverageTop1Accuracy, AverageTop1AccuracyMaxOverTest },
        { Protocol: Protocol.Knn, Realms: not null } => new HashSet<string> { AverageTop1Accuracy },
        { Protocol: Protocol.LowShotSvm, Layout: Layouts.Voc } => new HashSet<string> { MeanAveragePrecision },
        { Protocol: Protocol.LowShotSvm } => new HashSet<string> { Top1Accuracy },
        { Labels: LabelsOfSamples.Multi } => new HashSet<string> { Top1Accuracy, Top5Accuracy, ExpectedCalibrationError },
        _ => OfOneLabel,
    };

    /// <summary>The metrics that are a number of samples over the number of all.</summary>
    public static readonly IReadOnlySet<string> Proportions = new HashSet<string> { Top1Accuracy, Top5Accuracy };
}
