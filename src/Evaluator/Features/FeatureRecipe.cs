using System.Reflection;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Features;

/// <summary>All that determines the features of a split's images.</summary>
/// <param name="CheckpointSha256">The network's weights.</param>
/// <param name="Architecture">What the submission says it is; null where it is recognised.</param>
/// <param name="Weights"><c>model</c> or <c>ema</c>, where the submission says which.</param>
/// <param name="GivesFeatures">Whether a program was said to answer with features.</param>
/// <param name="ManifestSha256">The samples and their files.</param>
/// <param name="EvalTransform">What happened to each image.</param>
/// <param name="Precision">Element type of the forward pass.</param>
/// <param name="DeviceKind"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Libraries">What computed pixels and features, with versions.</param>
/// <param name="Software">Version and commit of this software, which knows the architectures.</param>
internal sealed record FeatureRecipe(
    string CheckpointSha256,
    string? Architecture,
    string? Weights,
    bool GivesFeatures,
    string ManifestSha256,
    EvalTransform EvalTransform,
    string Precision,
    string DeviceKind,
    IReadOnlyDictionary<string, string> Libraries,
    string Software)
{
    /// <summary>Version and commit of this program.</summary>
    public static readonly string CurrentSoftware = typeof(FeatureRecipe).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Names the recipe; see <see cref="RecipeDigest"/>.</summary>
    public string Key() => RecipeDigest.Of(this with { Libraries = RecipeDigest.Sorted(Libraries) });

    /// <summary>The libraries that touch features: those of this process, and the libtorch that its children load.</summary>
    public static IReadOnlyDictionary<string, string> CurrentLibraries(string libtorch) =>
        new Dictionary<string, string>(LibraryVersions.All()) { ["libtorch"] = libtorch };
}
