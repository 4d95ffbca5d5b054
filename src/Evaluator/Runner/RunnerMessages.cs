using System.Text.Json.Serialization;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Evaluator.Runner;

// What worker and runner say to each other. The request is one line of JSON on the runner's standard input, events
// are lines of JSON on its standard output. Targets are not among it: the runner predicts, the worker scores.

/// <summary>Load this checkpoint as told.</summary>
/// <param name="Checkpoint">Path of the file.</param>
/// <param name="Architecture">The network's name, where the submission gives it.</param>
/// <param name="Weights"><c>model</c> or <c>ema</c>, where a file holds both.</param>
/// <param name="AllowPrograms">Whether a format that runs code (TorchScript) may be loaded.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Threads">Threads of the forward pass and of decoding.</param>
internal sealed record LoadRequest(
    string Checkpoint, string? Architecture, string? Weights, bool AllowPrograms, string Device, int Threads);

/// <summary>Classify these samples.</summary>
/// <param name="Load">The checkpoint.</param>
/// <param name="Dataset">The dataset's folder.</param>
/// <param name="Samples">Paths within it, in the order of evaluation.</param>
/// <param name="ClassCount">Number of outputs that the network must have.</param>
/// <param name="EvalTransform">What happens to each image.</param>
/// <param name="Precision">Element type of the forward pass: <c>float32</c> or <c>bfloat16</c>.</param>
/// <param name="Scratch">The folder to leave <see cref="PredictionsFile"/> in.</param>
internal sealed record RunRequest(
    LoadRequest Load,
    string Dataset,
    IReadOnlyList<string> Samples,
    int ClassCount,
    EvalTransform EvalTransform,
    string Precision,
    string Scratch);

/// <summary>Something that the runner tells.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Loaded), "loaded")]
[JsonDerivedType(typeof(Progress), "progress")]
[JsonDerivedType(typeof(Finished), "finished")]
[JsonDerivedType(typeof(Failed), "failed")]
internal abstract record RunnerEvent;

/// <summary>The checkpoint is read; for <c>inspect</c>, all there is to say.</summary>
internal sealed record Loaded(CheckpointInspection Inspection) : RunnerEvent;

/// <summary>So many samples are done, at this rate since the last report.</summary>
internal sealed record Progress(int Done, double ImagesPerSecond) : RunnerEvent;

/// <summary>All samples are done and the predictions are written.</summary>
/// <param name="Engine">What computed the forward pass, with its version.</param>
/// <param name="Libraries">Other libraries that touch the numbers, each with its version.</param>
/// <param name="DurationSeconds">Wall time, loading included.</param>
/// <param name="ImagesPerSecond">Samples over wall time, loading left out.</param>
/// <param name="PeakMemoryBytes">Largest anonymous memory seen.</param>
internal sealed record Finished(
    string Engine,
    IReadOnlyDictionary<string, string> Libraries,
    double DurationSeconds,
    double ImagesPerSecond,
    long PeakMemoryBytes) : RunnerEvent;

/// <summary>The run ends here, with a code that its submitter can act on.</summary>
internal sealed record Failed(string Code, string Message) : RunnerEvent;
