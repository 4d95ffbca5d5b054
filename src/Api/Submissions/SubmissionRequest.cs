using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Submissions;

/// <summary>What a participant hands in beside the checkpoint.</summary>
/// <param name="ModelName">What boards call the model, 1 to 200 characters.</param>
/// <param name="Benchmarks">The benchmarks wanted, 1 to 50: <c>name</c> (its latest version) or
/// <c>name@version</c>.</param>
/// <param name="Checkpoint">SHA-256 of a checkpoint that this user uploaded before, where no file part is sent.</param>
/// <param name="Architecture">The network, for example <c>resnet50</c>, where it cannot be recognised from the
/// tensors.</param>
/// <param name="Weights">Which weights of a file that holds both: <c>model</c> or <c>ema</c> (averaged).</param>
/// <param name="EvalTransform">A transform instead of each benchmark's own; it is shown beside the scores.</param>
/// <param name="Output">
/// What a TorchScript or ONNX checkpoint answers with: <c>logits</c>, or <c>features</c> for benchmarks that learn on
/// them. Of weights alone both are known.
/// </param>
/// <param name="Precision">
/// Element type of the forward pass: <c>float32</c>, or <c>bfloat16</c>, which is shown beside the scores.
/// </param>
/// <param name="Sha256">SHA-256 that the file part must have; a lost byte is then told from a bad model.</param>
/// <param name="Paper">Its paper: <c>arxiv:</c> and a number, or another id of the catalogue.</param>
/// <param name="CodeUrl">Where its code is, an http or https URL.</param>
/// <param name="UsesAdditionalData">True where training saw data beyond the benchmark's own training set.</param>
/// <param name="Visibility"><c>public</c>, or <c>private</c>: seen by its submitter and admins alone, on no
/// board.</param>
/// <param name="LabelOrder">
/// The order of classes that the network was trained with, for example <c>imagenet-1k</c> or <c>webvision-2.0</c>; where a
/// benchmark has another, the submission is refused. Null: not declared, and not checked.
/// </param>
/// <param name="Claimed">The figures that its authors claim; each is shown beside the measured one.</param>
public sealed record SubmissionRequest(
    string ModelName,
    IReadOnlyList<string> Benchmarks,
    string? Checkpoint = null,
    string? Architecture = null,
    string? Weights = null,
    EvalTransform? EvalTransform = null,
    string Output = "logits",
    string Precision = Shared.Evaluations.Precision.Float32,
    string? Sha256 = null,
    string? Paper = null,
    string? CodeUrl = null,
    bool UsesAdditionalData = false,
    string Visibility = "public",
    string? LabelOrder = null,
    IReadOnlyList<Claim>? Claimed = null);

/// <summary>A figure that the model's authors claim.</summary>
/// <param name="Benchmark">One of the submission's benchmarks, written as there.</param>
/// <param name="Metric">One of that benchmark's metrics.</param>
/// <param name="Value">The figure as a fraction in [0, 1].</param>
public sealed record Claim(string Benchmark, string Metric, double Value);

/// <summary>What of a submission is to be changed.</summary>
/// <param name="Visibility"><c>public</c>, or <c>private</c>: seen by its submitter and admins alone, on no board.</param>
public sealed record SubmissionChange(string Visibility);
