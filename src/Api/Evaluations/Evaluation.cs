using System.Text.Json.Serialization;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Api.Evaluations;

/// <summary>One run of a checkpoint on a benchmark version, as a submission shows it.</summary>
/// <param name="Id">Id of the evaluation.</param>
/// <param name="Benchmark">Name of the benchmark.</param>
/// <param name="Version">Version of the benchmark.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="QueuePosition">Its place among the waiting ones, from 1; null unless it is queued.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Scores">The scores, once it succeeded.</param>
/// <param name="Failure">Why it failed; null unless it did.</param>
/// <param name="RerunOf">The evaluation that this one measures again; null for a first run.</param>
public sealed record EvaluationSummary(
    Guid Id,
    string Benchmark,
    string Version,
    string State,
    long? QueuePosition,
    Progress Progress,
    IReadOnlyList<Score> Scores,
    Failure? Failure,
    Guid? RerunOf);

/// <summary>One run of a checkpoint on a benchmark version, with all that is known of it.</summary>
/// <param name="Id">Id of the evaluation.</param>
/// <param name="Submission">Id of its submission.</param>
/// <param name="ModelName">What boards call the model.</param>
/// <param name="Benchmark">Name of the benchmark.</param>
/// <param name="Version">Version of the benchmark.</param>
/// <param name="EvalTransform">The submitter's own transform; null: the benchmark's.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="QueuePosition">Its place among the waiting ones, from 1; null unless it is queued.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Scores">The scores, once it succeeded.</param>
/// <param name="Claims">The figures claimed for it, each beside the measured one.</param>
/// <param name="Provenance">Everything needed to get the scores again, once it succeeded.</param>
/// <param name="Failure">Why it failed; null unless it did.</param>
/// <param name="Realm">The realm that this evaluation is of, where it is a part of another.</param>
/// <param name="PartOf">The evaluation on all realms that this one is a part of.</param>
/// <param name="Realms">The evaluations of each realm, in the benchmark's order; empty where it has none.</param>
/// <param name="RerunOf">The evaluation that this one measures again; null for a first run.</param>
/// <param name="Agrees">
/// Whether a rerun came to the scores of the evaluation that it measures again: the same counts, and figures without counts
/// to 0.000001. Null unless it succeeded and that one had scores.
/// </param>
/// <param name="Reused">
/// True where it was not run: the same checkpoint had been, in the same way and by the same version of this software, and
/// its scores were copied. A rerun measures them again.
/// </param>
/// <param name="ReusedFrom">The evaluation that the scores are of, where it may be seen with this key.</param>
/// <param name="QueuedAt">When it was put in the queue, UTC.</param>
/// <param name="StartedAt">When it was last begun, UTC.</param>
/// <param name="FinishedAt">When it ended, UTC.</param>
public sealed record Evaluation(
    Guid Id,
    Guid Submission,
    string ModelName,
    string Benchmark,
    string Version,
    EvalTransform? EvalTransform,
    string State,
    long? QueuePosition,
    Progress Progress,
    IReadOnlyList<Score> Scores,
    IReadOnlyList<ClaimedScore> Claims,
    Provenance? Provenance,
    Failure? Failure,
    string? Realm,
    Guid? PartOf,
    IReadOnlyList<RealmEvaluation> Realms,
    Guid? RerunOf,
    bool? Agrees,
    bool Reused,
    Guid? ReusedFrom,
    DateTime QueuedAt,
    DateTime? StartedAt,
    DateTime? FinishedAt);

/// <summary>A realm's part of an evaluation, which is an evaluation of its own.</summary>
/// <param name="Realm">The realm.</param>
/// <param name="Evaluation">Id of its evaluation.</param>
/// <param name="State">As of an evaluation; <c>cancelled</c> where another realm's failure ended it.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Scores">The realm's own scores, once it succeeded.</param>
/// <param name="Lambda">The penalty that was selected for this realm.</param>
/// <param name="Failure">Why it failed; null unless it did.</param>
public sealed record RealmEvaluation(
    string Realm,
    Guid Evaluation,
    string State,
    Progress Progress,
    IReadOnlyList<Score> Scores,
    double? Lambda,
    Failure? Failure);

/// <summary>How far an evaluation is.</summary>
/// <param name="Done">Samples evaluated.</param>
/// <param name="Total">Samples of the split; null until it is known.</param>
/// <param name="ImagesPerSecond">Speed so far; null until it is known.</param>
/// <param name="EtaSeconds">Seconds to go at this speed; null unless it is running.</param>
public sealed record Progress(int Done, int? Total, double? ImagesPerSecond, int? EtaSeconds)
{
    internal static Progress Of(string state, int done, int? total, double? imagesPerSecond)
    {
        // JSON has no word for infinity: whatever a row holds, a list of it is answered.
        double? speed = imagesPerSecond is { } finite && double.IsFinite(finite) ? finite : null;
        int? eta = state == "running" && total is { } all && speed is > 0 and var rate
            ? (int)Math.Clamp(Math.Ceiling((all - done) / rate), 0, int.MaxValue)
            : null;
        return new Progress(done, total, speed, eta);
    }
}

/// <summary>The value of one metric.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Value">Its value as a fraction in [0, 1].</param>
/// <param name="Interval">Lower and upper end of the 95 % confidence interval; null where there is none.</param>
/// <param name="IntervalMethod">
/// How the interval was made: <c>wilson</c> for a proportion, <c>stratified_wilson</c> for a mean of proportions,
/// <c>t_over_draws</c> for a mean over draws, by Student's distribution, <c>bootstrap_1000_seed_0</c> for a calibration
/// error; null where there is none.
/// </param>
/// <param name="Correct">Samples counted as right; null where the metric is no plain count.</param>
/// <param name="Count">Samples in all; null where the metric is no plain count.</param>
/// <param name="Split">
/// The split that was scored, where the protocol learns on another: <c>test</c>, <c>val</c>, or <c>test+val</c> of an
/// average over realms that were not all scored on one.
/// </param>
/// <param name="Partial">
/// True where the copy of the dataset is incomplete, or where an average is over realms that were scored on different splits:
/// the score is ranked on no board.
/// </param>
public sealed record Score(
    string Metric, double Value, IReadOnlyList<double>? Interval, string? IntervalMethod, long? Correct, long? Count,
    string? Split, bool Partial);

/// <summary>A claimed figure beside the measured one.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Claimed">
/// The figure that the submitter claims, or else a reported result of the same paper and model; a fraction in [0, 1].
/// </param>
/// <param name="Measured">The figure that was measured; null until then.</param>
/// <param name="Difference">Measured less claimed; null until it is measured.</param>
public sealed record ClaimedScore(string Metric, double Claimed, double? Measured, double? Difference)
{
    /// <summary>The difference in percentage points.</summary>
    public double? DifferencePp => Measured is { } measured ? PercentagePoints.Between(Claimed, measured) : null;
}

/// <summary>Accuracy on the samples of one class.</summary>
/// <param name="Class">Index of the class.</param>
/// <param name="Correct">Samples of the class that were predicted right.</param>
/// <param name="Count">Samples of the class.</param>
/// <param name="Accuracy">Correct over count, a fraction in [0, 1].</param>
/// <param name="Realm">The realm whose class it is, of a benchmark of realms.</param>
public sealed record ClassAccuracy(int Class, long Correct, long Count, double Accuracy, string? Realm);

/// <summary>Accuracy per class.</summary>
/// <param name="Evaluation">Id of the evaluation.</param>
/// <param name="Classes">The classes that have samples, by realm where there are realms, and by index.</param>
public sealed record ClassAccuracies(Guid Evaluation, IReadOnlyList<ClassAccuracy> Classes);

/// <summary>What was predicted for one sample.</summary>
/// <param name="Sample">Path of the sample, relative to the dataset's folder.</param>
/// <param name="Target">Its true class; null where it may have several.</param>
/// <param name="Prediction">The class that was predicted.</param>
/// <param name="Confidence">Softmax of the prediction, in [0, 1].</param>
/// <param name="Correct">True where the prediction is the target, or one of the targets.</param>
/// <param name="Targets">Its true classes, where it may have several.</param>
public sealed record SamplePrediction(
    string Sample, int? Target, int Prediction, float Confidence, bool Correct,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Targets);
