namespace Leaderboard.Api.Comparisons;

/// <summary>Two evaluations of one benchmark version, image by image.</summary>
/// <param name="Benchmark">Name of the benchmark.</param>
/// <param name="Version">Version of the benchmark.</param>
/// <param name="Metric">What is compared: <c>top1_accuracy</c>.</param>
/// <param name="A">The one evaluation.</param>
/// <param name="B">The other.</param>
/// <param name="Count">Samples of the split.</param>
/// <param name="BothCorrect">Samples that both predict right.</param>
/// <param name="OnlyACorrect">Samples that only the one predicts right.</param>
/// <param name="OnlyBCorrect">Samples that only the other predicts right.</param>
/// <param name="NeitherCorrect">Samples that neither predicts right.</param>
/// <param name="Difference">The one's accuracy less the other's, in [-1, 1].</param>
/// <param name="Interval">Lower and upper end of the 95 % confidence interval of the difference, in [-1, 1].</param>
/// <param name="Method">How the interval was made: <c>tango</c>, the score interval of a paired difference.</param>
/// <param name="PValue">
/// Of McNemar's exact two-sided test: how likely the samples that only one predicts right fall at least so unevenly
/// where both are equally good.
/// </param>
/// <param name="Significant">True where the p-value is below 0.05.</param>
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
    bool Significant);

/// <summary>One side of a comparison.</summary>
/// <param name="Evaluation">Id of the evaluation.</param>
/// <param name="ModelName">What boards call the model.</param>
/// <param name="Value">Its accuracy, a fraction in [0, 1].</param>
/// <param name="Correct">Samples that it predicts right.</param>
public sealed record ComparedEvaluation(Guid Evaluation, string ModelName, double Value, long Correct);
