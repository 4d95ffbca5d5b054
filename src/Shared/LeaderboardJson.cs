using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Leaderboard.Shared;

/// <summary>How JSON looks everywhere: on the wire, in <c>catalog/</c>, in jsonb columns, between worker and runner.</summary>
public static class LeaderboardJson
{
    /// <summary>snake_case; a member that the type does not have, or has twice, is an error, never dropped in silence.</summary>
    public static readonly JsonSerializerOptions Options = Apply(new JsonSerializerOptions());

    /// <summary>What a jsonb column holds; null where it holds nothing.</summary>
    [return: NotNullIfNotNull(nameof(json))]
    public static T? Parse<T>(string? json)
        where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, Options)!;

    /// <summary>
    /// JSON for a jsonb column, which refuses <c>\u0000</c>: files, and tensors in them, may be named anything.
    /// </summary>
    public static string ForJsonb<T>(T value) =>
        JsonSerializer.Serialize(value, Options).Replace("\\u0000", "\\uFFFD", StringComparison.Ordinal);

    /// <summary>Sets the conventions on options that a framework has made.</summary>
    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        // Apostrophes stay readable; what is served as JSON is no HTML.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.PropertyNameCaseInsensitive = false;
        options.AllowDuplicateProperties = false;
        options.AllowTrailingCommas = false;
        options.ReadCommentHandling = JsonCommentHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        return options;
    }
}
