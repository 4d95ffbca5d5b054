using System.Security.Cryptography;
using System.Text.Json;
using Leaderboard.Shared;

namespace Leaderboard.Evaluator.Runner;

/// <summary>Names a recipe by its members' values: of what is made by the same recipe, one copy serves all.</summary>
internal static class RecipeDigest
{
    /// <summary>SHA-256 of the recipe as JSON, in lower-case hexadecimal.</summary>
    public static string Of<TRecipe>(TRecipe recipe) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(recipe, LeaderboardJson.Options)));

    /// <summary>Versions in an order of their own, so that the same ones have the same digest.</summary>
    public static IReadOnlyDictionary<string, string> Sorted(IReadOnlyDictionary<string, string> versions) =>
        new SortedDictionary<string, string>(versions.ToDictionary(), StringComparer.Ordinal);
}
