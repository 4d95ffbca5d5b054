using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Leaderboard.Api.Tests.Requests;

/// <summary>Whether an answer is one that the document describes.</summary>
internal sealed class AnswerRules(ApiDocument document)
{
    private static readonly EvaluationOptions Strict = new()
    {
        OutputFormat = OutputFormat.List,
        RequireFormatValidation = true,
    };

    private readonly Dictionary<string, JsonSchema> schemas = [];
    private readonly JsonObject definitions = Close(document.Root["components"]!["schemas"]!.AsObject());

    /// <summary>What is wrong with the answer; null where nothing is.</summary>
    public string? Fault(GeneratedRequest request, int status, string? mediaType, string body)
    {
        var operation = request.Operation;
        if (request.AskedMethod != operation.Method)
        {
            if (request.Method == "HEAD" || CodeOf(body) is
                "not_found" or "method_not_allowed" or "media_type_unsupported" or "address_too_long" or "request_malformed"
                or "unauthenticated")
            {
                return status < 500 ? null : $"{status} for HEAD";
            }
            operation = document.Operations.FirstOrDefault(
                other => other.Path == operation.Path && other.Method == request.AskedMethod);
            if (operation is null)
            {
                // An upload answers it as all uploads do, which the document has once.
                return request.Method == "OPTIONS" && status == 204
                    ? null
                    : $"{status} for a method that is not described: {body}";
            }
        }
        if (status == 500)
        {
            return $"500: {body}";
        }
        if (operation.Response(status) is not { } response)
        {
            return $"{status} is not described: {body}";
        }
        if (request.Method == "HEAD")
        {
            return body.Length == 0 ? null : $"{status} for HEAD has a body: {body}";
        }
        if (response["content"]?.AsObject() is not { Count: > 0 } contents)
        {
            return body.Length == 0 ? null : $"{status} has a body, described is none: {body}";
        }
        if (mediaType is null || contents[mediaType] is not { } content)
        {
            return $"{status} is {mediaType ?? "of no media type"}, described are {string.Join(", ", contents.Select(type => type.Key))}: {body}";
        }
        return mediaType switch
        {
            "application/problem+json" => FaultOfProblem(operation, status, content["schema"]!, body),
            "application/jsonl" or "application/x-ndjson" => body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => FaultOfJson(content["schema"]!, line)).FirstOrDefault(fault => fault is not null),
            "text/event-stream" => body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
                .Select(line => FaultOfJson(content["schema"]!, line["data: ".Length..]))
                .FirstOrDefault(fault => fault is not null),
            _ when mediaType.EndsWith("json", StringComparison.Ordinal) => FaultOfJson(content["schema"]!, body),
            _ => null,
        };
    }

    /// <summary>What of a JSON text does not fit a schema of the document; null where all does.</summary>
    public string? FaultOfJson(JsonNode schema, string text)
    {
        using var parsed = JsonDocument.Parse(text);
        var result = SchemaOf(schema).Evaluate(parsed.RootElement, Strict);
        if (result.IsValid)
        {
            return null;
        }
        var errors = (result.Details ?? []).Where(detail => detail.Errors is { Count: > 0 })
            .Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}");
        return $"does not fit its schema: {string.Join("; ", errors)}: {text}";
    }

    private string? FaultOfProblem(Operation operation, int status, JsonNode schema, string body)
    {
        if (FaultOfJson(schema, body) is { } fault)
        {
            return fault;
        }
        var problem = JsonNode.Parse(body)!;
        return (int)problem["status"]! != status ? $"{status} says that it is {problem["status"]}"
            : operation.Codes(status).Contains((string)problem["code"]!) ? null
            : $"{status} has the code {problem["code"]}, which is not listed: {body}";
    }

    private static string? CodeOf(string body) => body.StartsWith('{') ? (string?)JsonNode.Parse(body)!["code"] : null;

    private JsonSchema SchemaOf(JsonNode schema)
    {
        var text = schema.ToJsonString();
        if (!schemas.TryGetValue(text, out var built))
        {
            var root = JsonNode.Parse(text)!.AsObject();
            root["$defs"] = definitions.DeepClone();
            schemas[text] = built = JsonSchema.FromText(
                root.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
        }
        return built;
    }

    // The document lets later versions add fields; this version's answers have no field that it does not describe.
    private static JsonObject Close(JsonObject schemas)
    {
        var closed = schemas.DeepClone().AsObject();
        foreach (var (_, schema) in closed)
        {
            if (schema!["properties"] is not null && schema["additionalProperties"] is null && schema["allOf"] is null)
            {
                schema["additionalProperties"] = false;
            }
        }
        return closed;
    }
}
