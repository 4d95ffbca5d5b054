using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Preprocessing;

/// <summary>Reads what <c>Goldens/preprocessing/make_goldens.py</c> wrote.</summary>
internal static class Goldens
{
    public static readonly EvalTransform WholeImage =
        new(null, EvalTransform.Bilinear, null, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    public static string At(params string[] parts) =>
        Path.Combine([Repository.Root, "tests", "Evaluator.Tests", "Goldens", "preprocessing", .. parts]);

    public static T Read<T>(string name)
    {
        using var file = File.OpenRead(At(name));
        return JsonSerializer.Deserialize<T>(file, LeaderboardJson.Options)!;
    }

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

internal sealed record TransformGolden(
    int Width,
    int Height,
    int? Resize,
    string Interpolation,
    int? Crop,
    int OutputWidth,
    int OutputHeight,
    string Sha256)
{
    public EvalTransform Transform =>
        Goldens.WholeImage with { Resize = Resize, Interpolation = Interpolation, Crop = Crop };
}

internal sealed record NormalisedGolden(double[] Mean, double[] Std, string Planes);

internal sealed record FormatGolden(string File, int Width, int Height, string Sha256, bool HalfOpens);

internal sealed record RealDataGoldens(
    ImageNetGolden[] Imagenet, Dictionary<string, string> Folders, OddImageGolden[] OddImages);

internal sealed record ImageNetGolden(
    string File,
    [property: JsonPropertyName("bilinear_256_224")] string Bilinear,
    [property: JsonPropertyName("bicubic_224_224")] string Bicubic);

internal sealed record OddImageGolden(string File, string? Sha256);
