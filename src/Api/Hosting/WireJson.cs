using System.Text.Encodings.Web;
using System.Text.Json;
using Leaderboard.Shared;

namespace Leaderboard.Api.Hosting;

/// <summary>JSON as it goes over HTTP: the house's, with text left readable.</summary>
internal static class WireJson
{
    public static readonly JsonSerializerOptions Options = Apply(new JsonSerializerOptions());

    /// <summary>Sets the conventions on options that a framework has made.</summary>
    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        LeaderboardJson.Apply(options);
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
