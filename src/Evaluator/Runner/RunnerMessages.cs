using System.Text.Json.Serialization;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Runner;

// What worker and runner say to each other. The request is one line of JSON on the runner's standard input, events
// are lines of JSON on its standard output. Targets are not among what a runner with a checkpoint is told: it predicts, the
// worker scores.

/// <summary>Load this checkpoint as told.</summary>
/// <param name="Checkpoint">Path of the file.</param>
/// <param name="Architecture">The network's name, where the submission gives it.</param>
/// <param name="Weights"><c>model</c> or <c>ema</c>, where a file holds both.</param>
/// <param name="AllowPrograms">Whether a format that runs code (TorchScript) may be loaded.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Threads">Threads of the forward pass and of decoding.</param>
/// <param name="GivesFeatures">Whether a checkpoint that is a program answers with features.</param>
internal sealed record LoadRequest(
    string Checkpoint,
    string? Architecture,
    string? Weights,
    bool AllowPrograms,
    string Device,
    int Threads,
    bool GivesFeatures = false);

/// <summary>Run the network on these samples.</summary>
/// <param name="Load">The checkpoint.</param>
/// <param name="Images">The samples, in the order of evaluation.</param>
/// <param name="Answers">What to leave of the network's answers.</param>
/// <param name="EvalTransform">What happens to each image; of packed ones, what has not happened yet.</param>
/// <param name="Precision">Element type of the forward pass: <c>float32</c> or <c>bfloat16</c>.</param>
/// <param name="Scratch">The folder to leave them in.</param>
internal sealed record RunRequest(
    LoadRequest Load,
    ImagesRequest Images,
    AnswersRequest Answers,
    EvalTransform EvalTransform,
    string Precision,
    string Scratch);

/// <summary>What is to be left of a network's answers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PredictionsWanted), "predictions")]
[JsonDerivedType(typeof(FeaturesWanted), "features")]
internal abstract record AnswersRequest;

/// <summary>Predictions, in a <see cref="PredictionsFile"/>.</summary>
/// <param name="ClassCount">Number of outputs that the network must have.</param>
/// <param name="ClassMask">The classes to predict among, where these are not all.</param>
internal sealed record PredictionsWanted(int ClassCount, IReadOnlyList<int>? ClassMask = null) : AnswersRequest;

/// <summary>Features, in a <see cref="Features.FeatureFile"/>.</summary>
internal sealed record FeaturesWanted : AnswersRequest;

/// <summary>Where images are.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FilesRequest), "files")]
[JsonDerivedType(typeof(PackedRequest), "packed")]
internal abstract record ImagesRequest;

/// <summary>In a dataset's folder.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="List">The file of paths within it; see <see cref="Datasets.SampleList"/>.</param>
internal sealed record FilesRequest(string Folder, string List) : ImagesRequest;

/// <summary>In a packed file, decoded and transformed.</summary>
/// <param name="File">Its path.</param>
/// <param name="Count">Number of images.</param>
/// <param name="Width">Width of each.</param>
/// <param name="Height">Height of each.</param>
internal sealed record PackedRequest(string File, int Count, int Width, int Height) : ImagesRequest;

/// <summary>Decode and transform these images. No checkpoint comes near a process that does.</summary>
/// <param name="Images">The images.</param>
/// <param name="EvalTransform">What happens to each, but for normalising.</param>
/// <param name="Output">The file to write; see <see cref="Packing.PackedFormat"/>.</param>
/// <param name="MaxBytes">How long it may get; where it would get longer, nothing is written.</param>
/// <param name="Threads">Threads of decoding.</param>
internal sealed record PackRequest(
    FilesRequest Images, EvalTransform EvalTransform, string Output, long MaxBytes, int Threads);

/// <summary>Decode these images, and tell which of them cannot be.</summary>
/// <param name="Images">The images.</param>
/// <param name="Threads">Threads of decoding.</param>
internal sealed record CheckRequest(FilesRequest Images, int Threads);

/// <summary>
/// Learn on the features of some images and predict others. Targets are among what is shown, and no checkpoint comes near
/// a process that does this.
/// </summary>
/// <param name="Head">What to learn.</param>
/// <param name="Train">What to learn from.</param>
/// <param name="Selection">What a penalty is selected on; null where that is a part of train, or nothing is selected.</param>
/// <param name="Evaluated">What is scored.</param>
/// <param name="ClassCount">Number of classes.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Threads">Threads to learn with.</param>
/// <param name="Scratch">The folder to leave a <see cref="PredictionsFile"/> in.</param>
internal sealed record LearnRequest(
    HeadRequest Head,
    FeaturesRequest Train,
    FeaturesRequest? Selection,
    FeaturesRequest Evaluated,
    int ClassCount,
    string Device,
    int Threads,
    string Scratch);

/// <summary>The features of a split and its targets.</summary>
/// <param name="File">A <see cref="Features.FeatureFile"/>.</param>
/// <param name="Targets">A <see cref="Features.TargetsFile"/>.</param>
/// <param name="Count">N.</param>
/// <param name="Dimension">Numbers of an image's features.</param>
internal sealed record FeaturesRequest(string File, string Targets, int Count, int Dimension);

/// <summary>What to learn on features.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ProbeRequest), "linear_probe")]
[JsonDerivedType(typeof(NeighboursRequest), "knn")]
[JsonDerivedType(typeof(SvmRequest), "low_shot_svm")]
internal abstract record HeadRequest;

/// <summary>A linear head, its penalty selected; see <see cref="Shared.Benchmarks.BenchmarkDefinition"/>.</summary>
internal sealed record ProbeRequest(IReadOnlyList<double> Lambdas) : HeadRequest;

/// <summary>Votes of the nearest neighbours.</summary>
internal sealed record NeighboursRequest(int K, double Temperature) : HeadRequest;

/// <summary>Linear SVMs on a few images of each class, drawn several times.</summary>
/// <param name="Draws">The train samples of each draw.</param>
/// <param name="Cost">The C of the SVMs.</param>
/// <param name="RanksClasses">Whether images have several classes, and are ranked for each.</param>
internal sealed record SvmRequest(IReadOnlyList<IReadOnlyList<int>> Draws, double Cost, bool RanksClasses) : HeadRequest;

/// <summary>Try this device.</summary>
/// <param name="Device"><c>cpu</c> or <c>cuda:N</c>.</param>
internal sealed record DeviceRequest(string Device);

/// <summary>Something that the runner tells.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Loaded), "loaded")]
[JsonDerivedType(typeof(FeaturesMeasured), "features_measured")]
[JsonDerivedType(typeof(Progress), "progress")]
[JsonDerivedType(typeof(Finished), "finished")]
[JsonDerivedType(typeof(Packed), "packed")]
[JsonDerivedType(typeof(Checked), "checked")]
[JsonDerivedType(typeof(Learned), "learned")]
[JsonDerivedType(typeof(DeviceReady), "device_ready")]
[JsonDerivedType(typeof(Failed), "failed")]
internal abstract record RunnerEvent;

/// <summary>The checkpoint is read; for <c>inspect</c>, all there is to say.</summary>
internal sealed record Loaded(CheckpointInspection Inspection) : RunnerEvent;

/// <summary>The first features are computed and none are written: each sample has so many.</summary>
internal sealed record FeaturesMeasured(int Dimension) : RunnerEvent;

/// <summary>So many samples are done, at this rate since the last report.</summary>
internal sealed record Progress(int Done, double ImagesPerSecond) : RunnerEvent;

/// <summary>All samples are done and the answers are written.</summary>
/// <param name="Engine">What computed the forward pass, with its version.</param>
/// <param name="Device">What it ran on: <c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Libraries">Other libraries that touch the numbers, each with its version.</param>
/// <param name="DurationSeconds">Wall time, loading included.</param>
/// <param name="ImagesPerSecond">Samples over wall time, loading left out.</param>
/// <param name="PeakMemoryBytes">Largest anonymous memory seen.</param>
/// <param name="Features">Numbers of a sample's features, where those are written.</param>
internal sealed record Finished(
    string Engine,
    string Device,
    IReadOnlyDictionary<string, string> Libraries,
    double DurationSeconds,
    double ImagesPerSecond,
    long PeakMemoryBytes,
    int? Features = null) : RunnerEvent;

/// <summary>All images are packed, or would need more room than there is.</summary>
/// <param name="Width">Width of each.</param>
/// <param name="Height">Height of each.</param>
/// <param name="Written">Whether they are in the file.</param>
/// <param name="Decoders">Libraries that made pixels of them, each with its version.</param>
internal sealed record Packed(int Width, int Height, bool Written, IReadOnlyDictionary<string, string> Decoders) : RunnerEvent;

/// <summary>All images were tried.</summary>
/// <param name="Unreadable">Indexes of those that cannot be decoded, ascending, each with the reason.</param>
internal sealed record Checked(IReadOnlyList<UnreadableImage> Unreadable) : RunnerEvent;

/// <summary>An image that cannot be decoded.</summary>
internal sealed record UnreadableImage(int Index, string Reason);

/// <summary>All is learnt; predictions are written where the protocol makes one an image.</summary>
/// <param name="PeakMemoryBytes">Largest anonymous memory seen.</param>
/// <param name="Penalties">Of a linear probe, what became of every penalty, as asked for.</param>
/// <param name="Selected">The place of the selected one among them.</param>
/// <param name="Draws">Of SVMs, the score of every draw, in [0, 1].</param>
/// <param name="UnprovedNeighbours">Of neighbours, images whose nearest are not proved to be the nearest of all.</param>
internal sealed record Learned(
    long PeakMemoryBytes,
    IReadOnlyList<PenaltyProvenance>? Penalties = null,
    int? Selected = null,
    IReadOnlyList<double>? Draws = null,
    int? UnprovedNeighbours = null) : RunnerEvent;

/// <summary>The device works with this libtorch.</summary>
internal sealed record DeviceReady(string Libtorch) : RunnerEvent;

/// <summary>The run ends here, with a code that its submitter can act on.</summary>
/// <param name="Code">One of <see cref="Shared.Evaluations.FailureCodes"/>.</param>
/// <param name="Message">What happened.</param>
/// <param name="Sample">Index of the sample that it happened at, where the message does not name it.</param>
internal sealed record Failed(string Code, string Message, int? Sample = null) : RunnerEvent;
