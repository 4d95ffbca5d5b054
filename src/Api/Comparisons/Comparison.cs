namespace Leaderboard.Api.Comparisons;

/// <summary>Two evaluations of one benchmark version, image by image.</summary>
/// <param name="Benchmark">Name of the benchmark.</param>
/// <param name="Version">Version of the benchmark.</param>
/// <param name="Metric">
/// What is compared: <c>top1_accuracy</c>, <c>average_top1_accuracy</c> of a benchmark of realms, or
/// <c>mean_per_class_accuracy</c> where the benchmark names that before top-1, or without it.
/// </param>
/// <param name="A">The one evaluation.</param>
/// <param name="B">The other.</param>
/// <param name="Count">Samples that were scored, of all realms.</param>
/// <param name="BothCorrect">Samples that both predict right.</param>
/// <param name="OnlyACorrect">Samples that only the one predicts right.</param>
/// <param name="OnlyBCorrect">Samples that only the other predicts right.</param>
/// <param name="NeitherCorrect">Samples that neither predicts right.</param>
/// <param name="Difference">The one's accuracy less the other's, in [-1, 1].</param>
/// <param name="Interval">Lower and upper end of the 95 % confidence interval of the difference, in [-1, 1].</param>
/// <param name="Method">
/// How the interval was made: <c>tango</c>, the score interval of a paired difference, or <c>paired_stratified</c>, the
/// normal one of a mean over realms, or over classes, by the variance of each one's paired difference.
/// </param>
/// <param name="PValue">
/// How likely a difference at least so large is where both are equally good: by McNemar's exact two-sided test of the
/// samples that only one predicts right, or, of such a mean, by the normal test of <c>paired_stratified</c>.
/// </param>
/// <param name="Significant">True where the p-value is below 0.05.</param>
/// <param name="Realms">The realms, in the benchmark's order; empty where it has none.</param>
public sealed record Comparison(
    string Benchmark,
    string Version,
    string Metric,
    ComparedEvaluation A,
    ComparedEvaluation B,
    long Count,
    long BothCorrect,
    long OnlyACorrect,
    long OnlyBCorrect,
    long NeitherCorrect,
    double Difference,
    IReadOnlyList<double> Interval,
    string Method,
    double PValue,
    bool Significant,
    IReadOnlyList<ComparedRealm> Realms);

/// <summary>One side of a comparison.</summary>
/// <param name="Evaluation">Id of the evaluation.</param>
/// <param name="ModelName">What boards call the model.</param>
/// <param name="Value">Its accuracy, or the mean of its accuracies over realms or classes, a fraction in [0, 1].</param>
/// <param name="Correct">Samples that it predicts right.</param>
public sealed record ComparedEvaluation(Guid Evaluation, string ModelName, double Value, long Correct);

/// <summary>One realm of a comparison.</summary>
/// <param name="Realm">The realm.</param>
/// <param name="Count">Samples of it that were scored.</param>
/// <param name="BothCorrect">Samples that both predict right.</param>
/// <param name="OnlyACorrect">Samples that only the one predicts right.</param>
/// <param name="OnlyBCorrect">Samples that only the other predicts right.</param>
/// <param name="Difference">The one's accuracy less the other's, in [-1, 1].</param>
public sealed record ComparedRealm(
    string Realm, long Count, long BothCorrect, long OnlyACorrect, long OnlyBCorrect, double Difference);
