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
/// <param name="Layout">How the dataset lies on disk: <c>image_folder</c>, <c>image_list</c>, <c>webvision</c>, <c>omnibenchmark</c>, <c>imagenet_real</c> or <c>voc</c>.</param>
/// <param name="Path">The dataset's folder, relative to the datasets root.</param>
/// <param name="ClassCount">Number of classes; targets are in [0, class_count).</param>
/// <param name="EvalTransform">The transform applied to every image, unless a submission declares its own.</param>
/// <param name="Metrics">Metric names, the first ranks the board.</param>
/// <param name="List">Layout <c>image_list</c>: the list file, relative to <c>path</c>; lines are <c>path label</c>.</param>
/// <param name="Realms">Layout <c>omnibenchmark</c>: the realms, in order.</param>
/// <param name="SampleCount">Number of samples that the split must have, where that is known beforehand.</param>
/// <param name="ManifestSha256">Digest of the manifest that the dataset must have, where that is known beforehand.</param>
/// <param name="Train">
/// Where the train split is, for protocols that learn on features. Layout <c>image_folder</c>: a folder relative to the
/// datasets root, with the same class folders; <c>image_list</c> and <c>webvision</c>: a list relative to <c>path</c>.
/// <c>omnibenchmark</c> and <c>voc</c> bring theirs.
/// </param>
/// <param name="Lambdas">Protocol <c>linear_probe</c>: the penalties tried, 1 to 32 different numbers above 0.</param>
/// <param name="K">Protocol <c>knn</c>: how many neighbours vote, 1 to 1000.</param>
/// <param name="Temperature">Protocol <c>knn</c>: a vote weighs exp(similarity / temperature); above 0.</param>
/// <param name="Shots">Protocol <c>low_shot_svm</c>: images of each class that are learnt from, 1 to 1000.</param>
/// <param name="Draws">Protocol <c>low_shot_svm</c>: how often they are drawn anew, 2 to 100; scores are means over draws.</param>
/// <param name="Cost">Protocol <c>low_shot_svm</c>: the C of a linear SVM, above 0.</param>
/// <param name="LabelOrder">
/// Id of the order of classes, for example <c>imagenet-1k</c> (sorted WordNet ids). A submission that declares another
/// is refused instead of scored at chance.
/// </param>
/// <param name="ClassMask">
/// Protocol <c>classify</c>: of the network's <c>class_count</c> classes, those that the dataset has, in the order of its
/// class folders. Predictions are taken among them, and targets are numbered as they are.
/// </param>
/// <param name="Labels"><c>multi</c> where a sample may have several right classes; null: one.</param>
/// <param name="FirstClasses">Only samples of so many first classes are taken; <c>class_count</c> is the same number.</param>
/// <param name="Partial">
/// True where no complete copy of the dataset can be had: scores are marked <c>partial</c> and not ranked.
/// </param>
/// <param name="Images">
/// Layout <c>webvision</c>: the folder of the evaluated images, relative to <c>path</c>; null: <c>val_images_256</c>.
/// </param>
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
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Train = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Lambdas = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? K = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Temperature = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Shots = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Draws = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Cost = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LabelOrder = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? ClassMask = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Labels = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? FirstClasses = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Partial = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Images = null);

/// <summary>A subset of OmniBenchmark with a label space of its own.</summary>
/// <param name="Name">The realm's name; its files lie in the folder of this name.</param>
/// <param name="ClassCount">Number of classes of this realm.</param>
/// <param name="Samples">Images that a complete copy has, where that is known; a copy with fewer is scored as partial.</param>
public sealed record Realm(
    string Name,
    int ClassCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SplitCounts? Samples = null);

/// <summary>Numbers of images by split; null where not known.</summary>
/// <param name="Train">Of the train split.</param>
/// <param name="Val">Of the validation split.</param>
/// <param name="Test">Of the test split.</param>
public sealed record SplitCounts(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Train = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Val = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Test = null);

/// <summary>The values of <see cref="BenchmarkDefinition.Protocol"/> that are measured here.</summary>
public static class Protocol
{
    public const string Classify = "classify";
    public const string LinearProbe = "linear_probe";
    public const string Knn = "knn";
    public const string LowShotSvm = "low_shot_svm";

    public static readonly IReadOnlyList<string> All = [Classify, LinearProbe, Knn, LowShotSvm];
}

/// <summary>The values of <see cref="BenchmarkDefinition.Labels"/>.</summary>
public static class LabelsOfSamples
{
    /// <summary>A sample may have several right classes.</summary>
    public const string Multi = "multi";
}

/// <summary>The values of <see cref="BenchmarkDefinition.Layout"/>.</summary>
public static class Layouts
{
    public const string ImageFolder = "image_folder";
    public const string ImageList = "image_list";
    public const string WebVision = "webvision";
    public const string OmniBenchmark = "omnibenchmark";
    public const string ImageNetReal = "imagenet_real";
    public const string Voc = "voc";

    public static readonly IReadOnlyList<string> All = [ImageFolder, ImageList, WebVision, OmniBenchmark, ImageNetReal, Voc];
}
