using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Shared.Evaluations;

/// <summary>Everything needed to get a score again.</summary>
/// <param name="CheckpointSha256">Digest of the checkpoint.</param>
/// <param name="Architecture">The network that was built; null for TorchScript.</param>
/// <param name="Recognition">How the architecture was found: <c>recognised</c>, <c>given</c> or <c>assumed</c>.</param>
/// <param name="ParameterCount">Number of trainable numbers in the network.</param>
/// <param name="Benchmark">Name and version of the benchmark, <c>name@version</c>.</param>
/// <param name="ManifestSha256">Digest of the dataset's manifest: every sample's path, target, size and SHA-256.</param>
/// <param name="EvalTransform">The transform that was applied.</param>
/// <param name="EvalTransformDeclared">True where the submission declared the transform, false where it is the benchmark's.</param>
/// <param name="Device">Where it ran: <c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Precision">Element type of the forward pass: <c>float32</c> (TF32 off) or <c>bfloat16</c>.</param>
/// <param name="Engine">What computed the forward pass, with its version.</param>
/// <param name="Libraries">Other libraries that touch the numbers, each with its version.</param>
/// <param name="Threads">Threads of the forward pass.</param>
/// <param name="DurationSeconds">Wall time of the run, loading included.</param>
/// <param name="ImagesPerSecond">Samples over wall time, loading left out.</param>
/// <param name="PeakMemoryBytes">Largest anonymous memory of the runner.</param>
/// <param name="Worker">The worker that ran it.</param>
/// <param name="Software">Version and commit of this software.</param>
/// <param name="Learning">What was learnt on features, where the protocol does that; null for <c>classify</c>.</param>
public sealed record Provenance(
    string CheckpointSha256,
    string? Architecture,
    string? Recognition,
    long? ParameterCount,
    string Benchmark,
    string ManifestSha256,
    EvalTransform EvalTransform,
    bool EvalTransformDeclared,
    string Device,
    string Precision,
    string Engine,
    IReadOnlyDictionary<string, string> Libraries,
    int Threads,
    double DurationSeconds,
    double ImagesPerSecond,
    long PeakMemoryBytes,
    string Worker,
    string Software,
    LearningProvenance? Learning = null);

/// <summary>How a score came of features.</summary>
/// <param name="Features">Numbers of an image's features.</param>
/// <param name="EvaluatedSplit">The split that was scored: <c>test</c>, <c>val</c>, or <c>evaluated</c> where there is one only.</param>
/// <param name="SelectedOn">
/// Protocol <c>linear_probe</c>: what the penalty was selected on: <c>val</c>, or <c>train_holdout_20_percent_seed_0</c>.
/// </param>
/// <param name="Lambda">Protocol <c>linear_probe</c>: the penalty that was selected.</param>
/// <param name="Splits">The splits that were read, each with its number of images.</param>
/// <param name="Penalties">Protocol <c>linear_probe</c>: every penalty that was tried.</param>
/// <param name="Draws">Protocol <c>low_shot_svm</c>: the score of every draw.</param>
/// <param name="UnprovedNeighbours">
/// Protocol <c>knn</c>: images whose neighbours are not proved to be the nearest of all, since more of train lay within
/// rounding of the last of them than were looked at; null of evaluations from before it was kept.
/// </param>
public sealed record LearningProvenance(
    int Features,
    string EvaluatedSplit,
    string? SelectedOn,
    double? Lambda,
    IReadOnlyList<SplitProvenance> Splits,
    IReadOnlyList<PenaltyProvenance>? Penalties,
    IReadOnlyList<double>? Draws,
    int? UnprovedNeighbours = null);

/// <summary>A split as it was read.</summary>
/// <param name="Split">Its name.</param>
/// <param name="ManifestSha256">Digest of its manifest.</param>
/// <param name="Count">Number of its samples.</param>
/// <param name="Complete">Number of samples of a complete copy, where that is known.</param>
public sealed record SplitProvenance(string Split, string ManifestSha256, int Count, int? Complete);

/// <summary>One penalty of a linear probe.</summary>
/// <param name="Lambda">The factor of the norm of the weights.</param>
/// <param name="Objective">Value of the objective that was reached.</param>
/// <param name="Gap">The objective is within this much of its optimum, proven by a dual bound.</param>
/// <param name="Iterations">Iterations of the solver.</param>
/// <param name="SelectionAccuracy">Top-1 on what the penalty was selected on, in [0, 1].</param>
/// <param name="EvaluatedAccuracy">Top-1 on the split that was scored, in [0, 1].</param>
public sealed record PenaltyProvenance(
    double Lambda, double Objective, double Gap, int Iterations, double SelectionAccuracy, double EvaluatedAccuracy);
