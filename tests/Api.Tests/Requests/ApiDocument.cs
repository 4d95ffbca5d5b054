using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Requests;

/// <summary>What the served OpenAPI document says of requests.</summary>
internal sealed class ApiDocument
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete", "head", "options"];

    private ApiDocument(JsonObject root)
    {
        Root = root;
        Operations =
        [
            .. from path in root["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               where Methods.Contains(operation.Key)
               select new Operation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject(), this),
        ];
    }

    public JsonObject Root { get; }

    public static ApiDocument Of(JsonObject root) => new(root);

    public IReadOnlyList<Operation> Operations { get; }

    public static async Task<ApiDocument> ReadAsync(HttpClient client)
    {
        var json = await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        return new ApiDocument(JsonNode.Parse(json)!.AsObject());
    }

    /// <summary>The node itself, or what its <c>$ref</c> names.</summary>
    public JsonObject Follow(JsonNode node)
    {
        var found = node.AsObject();
        while ((string?)found["$ref"] is { } reference)
        {
            JsonNode? at = Root;
            foreach (var step in reference.Split('/').Skip(1))
            {
                at = at![step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
            }
            found = at!.AsObject();
        }
        return found;
    }
}

/// <summary>One operation of the document.</summary>
internal sealed record Operation(string Method, string Path, JsonObject Node, ApiDocument Document)
{
    public string Id => (string)Node["operationId"]!;

    public IReadOnlyList<JsonObject> Parameters { get; } =
        [.. (Node["parameters"]?.AsArray() ?? []).Select(parameter => Document.Follow(parameter!))];

    /// <summary>Media types of the request's body, each with its description.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonNode?>> Bodies { get; } =
        Node["requestBody"] is { } body ? [.. Document.Follow(body)["content"]!.AsObject()] : [];

    /// <summary>Whether the document wants a key for it.</summary>
    public bool NeedsKey => Node["security"]?.AsArray() is [{ } only] && only.AsObject().Count > 0;

    public JsonObject? Response(int status) =>
        Node["responses"]![$"{status}"] is { } response ? Document.Follow(response) : null;

    /// <summary>The codes of problems that the document lists for a status.</summary>
    public IEnumerable<string> Codes(int status) =>
        Response(status)?["content"]?["application/problem+json"]?["examples"]?.AsObject().Select(example => example.Key) ?? [];
}
