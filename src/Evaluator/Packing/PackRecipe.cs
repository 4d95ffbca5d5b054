using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Packing;

/// <summary>All that determines the bytes of packed images.</summary>
/// <param name="ManifestSha256">The samples and their files.</param>
/// <param name="Resize">As in <see cref="EvalTransform"/>.</param>
/// <param name="Interpolation">As in <see cref="EvalTransform"/>; null where nothing is resized.</param>
/// <param name="Crop">As in <see cref="EvalTransform"/>.</param>
/// <param name="Decoders">Libraries that turn files into pixels, with their versions.</param>
/// <param name="Pixels">Version of what we do to pixels ourselves.</param>
internal sealed record PackRecipe(
    string ManifestSha256,
    int? Resize,
    string? Interpolation,
    int? Crop,
    IReadOnlyDictionary<string, string> Decoders,
    int Pixels)
{
    // Goes up with every change of decoding, resizing or cropping that changes a byte of any image.
    private const int CurrentPixels = 1;

    /// <summary>The recipe of a dataset as this process would pack it; mean and std come later and are no part of it.</summary>
    public static PackRecipe Of(string manifestSha256, EvalTransform transform) => new(
        manifestSha256,
        transform.Resize,
        transform.Resize is null ? null : transform.Interpolation,
        transform.Crop,
        LibraryVersions.Decoders(),
        CurrentPixels);

    /// <summary>Whether these libraries, in these versions, are the recipe's.</summary>
    public bool IsMadeBy(IReadOnlyDictionary<string, string> decoders) =>
        (this with { Decoders = decoders }).Key() == Key();

    /// <summary>Names the recipe; see <see cref="RecipeDigest"/>.</summary>
    public string Key() => RecipeDigest.Of(this with { Decoders = RecipeDigest.Sorted(Decoders) });

    /// <summary>Whether two transforms make the same pixels, before they are normalised.</summary>
    public static bool SamePixels(EvalTransform a, EvalTransform b) =>
        (a.Resize, a.Crop) == (b.Resize, b.Crop) && (a.Resize is null || a.Interpolation == b.Interpolation);
}
