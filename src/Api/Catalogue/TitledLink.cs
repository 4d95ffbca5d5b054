using System.Text.Json.Nodes;

namespace Leaderboard.Api.Catalogue;

/// <summary>An address with what it is called.</summary>
/// <param name="Title">What it is called; null where nobody said.</param>
/// <param name="Url">The address, as it was written.</param>
public sealed record TitledLink(string? Title, string? Url)
{
    /// <summary>Links as they are stored, <c>[{title, url}]</c>, whatever else the archive wrote there.</summary>
    internal static IReadOnlyList<TitledLink> Read(string json) =>
    [
        .. JsonNode.Parse(json)!.AsArray().OfType<JsonObject>()
            .Select(link => new TitledLink(Text(link["title"]), Text(link["url"]))),
    ];

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
