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
    string Software);
