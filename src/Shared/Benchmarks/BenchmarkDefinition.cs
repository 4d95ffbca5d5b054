using System.Text.Json.Serialization;

namespace Leaderboard.Shared.Benchmarks;

/// <summary>
/// What a benchmark measures: dataset, split, protocol, eval transform, metrics. Immutable once an evaluation refers
/// to it: a change is a new version.
/// </summary>
/// <param name="Name">Name in URLs: lower-case letters, digits, dots and dashes, 1 to 100 characters.</param>
/// <param name="Version">Version of this definition, 1 to 20 characters of the same kind.</param>
/// <param name="Task">Id of its task.</param>
/// <param name="Dataset">Id of its dataset.</param>
/// <param name="Protocol">How a checkpoint is scored: <c>classify</c>, <c>linear_probe</c>, <c>knn</c> or <c>low_shot_svm</c>.</param>
/// <param name="Layout">How the dataset lies on disk: <c>image_folder</c>, <c>image_list</c>, <c>webvision</c> or <c>omnibenchmark</c>.</param>
/// <param name="Path">The dataset's folder, relative to the datasets root.</param>
/// <param name="ClassCount">Number of classes; targets are in [0, class_count).</param>
/// <param name="EvalTransform">The transform applied to every image, unless a submission declares its own.</param>
/// <param name="Metrics">Metric names, the first ranks the board.</param>
/// <param name="List">Layout <c>image_list</c>: the list file, relative to <c>path</c>; lines are <c>path label</c>.</param>
/// <param name="Realms">Layout <c>omnibenchmark</c>: the realms, in order.</param>
/// <param name="SampleCount">Number of samples that the split must have, where that is known beforehand.</param>
/// <param name="ManifestSha256">Digest of the manifest that the dataset must have, where that is known beforehand.</param>
/// <param name="Lambdas">Protocol <c>linear_probe</c>: the penalties tried.</param>
public sealed record BenchmarkDefinition(
    string Name,
    string Version,
    string Task,
    string Dataset,
    string Protocol,
    string Layout,
    string Path,
    int ClassCount,
    EvalTransform EvalTransform,
    IReadOnlyList<string> Metrics,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? List = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Realm>? Realms = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? SampleCount = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ManifestSha256 = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Lambdas = null);

/// <summary>A subset of OmniBenchmark with a label space of its own.</summary>
/// <param name="Name">The realm's name; its files lie in the folder of this name.</param>
/// <param name="ClassCount">Number of classes of this realm.</param>
public sealed record Realm(string Name, int ClassCount);

/// <summary>The values of <see cref="BenchmarkDefinition.Protocol"/> that are measured today.</summary>
public static class Protocol
{
    public const string Classify = "classify";
}

/// <summary>The values of <see cref="BenchmarkDefinition.Layout"/>.</summary>
public static class Layouts
{
    public const string ImageFolder = "image_folder";
    public const string ImageList = "image_list";
    public const string WebVision = "webvision";
    public const string OmniBenchmark = "omnibenchmark";
}
