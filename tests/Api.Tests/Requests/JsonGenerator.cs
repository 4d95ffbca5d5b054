using System.Globalization;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Requests;

/// <summary>Makes JSON from a schema: as it is described, or with one thing wrong.</summary>
internal sealed class JsonGenerator(ApiDocument document, KnownValues known, Random random)
{
    private const string Mark = "@raw@";

    /// <summary>A text that fits the schema as far as that says.</summary>
    public string Valid(JsonNode schema, JsonNode? example, string name = "") =>
        (example is not null && random.Next(3) > 0 ? Vary(example.DeepClone()) : Make(schema, name, 0))?.ToJsonString() ?? "null";

    /// <summary>The same with one to three values replaced, left out, added or doubled.</summary>
    public string Broken(JsonNode schema, JsonNode? example)
    {
        var root = (example is not null && random.Next(4) > 0 ? example.DeepClone() : Make(schema, "", 0)) ?? new JsonObject();
        var raw = new List<string>();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            Break(root, raw);
        }
        var text = root.ToJsonString();
        for (var index = 0; index < raw.Count; index++)
        {
            text = text.Replace($"\"{Mark}{index}{Mark}\"", raw[index], StringComparison.Ordinal);
        }
        return text;
    }

    /// <summary>A plausible text for a parameter; null where it is better left out.</summary>
    public string? Text(JsonNode schema, string name) => Make(schema, name, 0) switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => other.ToJsonString(),
    };

    private JsonNode? Make(JsonNode node, string name, int depth)
    {
        var schema = document.Follow(node);
        if (schema["enum"] is JsonArray { Count: > 0 } values)
        {
            return values[random.Next(values.Count)]?.DeepClone();
        }
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray { Count: > 0 } choices)
        {
            return Make(choices[random.Next(choices.Count)]!, name, depth);
        }
        var types = schema["type"] is JsonArray several ? [.. several.Select(type => (string)type!)] : new[] { (string?)schema["type"] };
        switch (depth > 5 ? "null" : types[random.Next(types.Length)])
        {
            case "null":
                return null;
            case "boolean":
                return random.Next(2) == 0;
            case "integer":
                return random.NextInt64((long?)schema["minimum"] ?? 0, 1 + ((long?)schema["maximum"] ?? 1000));
            case "number":
                return Math.Round(random.NextDouble(), 4);
            case "array":
                return new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Make(schema["items"]!, name, depth + 1))]);
            case "string":
                return known.Pick(random, name, (string?)schema["format"]) is { } text && random.Next(8) > 0 ? text : Invent(schema);
            default:
                var required = (schema["required"]?.AsArray() ?? []).Select(field => (string)field!).ToHashSet();
                return new JsonObject((schema["properties"]?.AsObject() ?? [])
                    .Where(field => required.Contains(field.Key) || random.Next(3) == 0)
                    .Select(field => KeyValuePair.Create(field.Key, Make(field.Value!, field.Key, depth + 1))));
        }
    }

    private string Invent(JsonObject schema) => (string?)schema["format"] switch
    {
        "uuid" => new Guid(Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256)).ToArray()).ToString(),
        "date-time" => "2026-11-26T09:30:00Z",
        "date" => "2026-11-26",
        "uri" => "https://host.example/" + random.Next(1000).ToString(CultureInfo.InvariantCulture),
        _ => "v" + random.Next(1_000_000).ToString(CultureInfo.InvariantCulture),
    };

    // Some of the example's texts become those that the server knows, so that it names what is there.
    private JsonNode Vary(JsonNode node)
    {
        foreach (var (parent, name, value) in Places(node).ToList())
        {
            // What is made under a name can be made once.
            if (name == "name" && value is JsonValue && random.Next(2) == 0)
            {
                Replace(parent, value, Invent([]));
            }
            else if (value is JsonValue text && text.TryGetValue<string>(out _) && random.Next(2) == 0
                && known.Pick(random, name, null) is { } other)
            {
                Replace(parent, value, other);
            }
        }
        return node;
    }

    private void Break(JsonNode root, List<string> raw)
    {
        var places = Places(root).ToList();
        if (places.Count == 0)
        {
            (root as JsonObject)?.Add("unknown", 1);
            return;
        }
        var (parent, name, value) = places[random.Next(places.Count)];
        switch (random.Next(8))
        {
            case 0 when parent is JsonObject fields:
                fields.Remove(name);
                break;
            case 1 when parent is JsonObject fields:
                fields["unknown_" + name] = 1;
                break;
            case 2 when parent is JsonObject fields:
                // Twice under one name.
                raw.Add($"0,\"{name}\":0");
                fields[name] = $"{Mark}{raw.Count - 1}{Mark}";
                break;
            case 3 when parent is JsonArray items:
                for (var more = 0; more < 300; more++)
                {
                    items.Add(value?.DeepClone());
                }
                break;
            case 4 or 5:
                Replace(parent, value, HostileValues.Text(random));
                break;
            default:
                raw.Add(HostileValues.Json[random.Next(HostileValues.Json.Count)]);
                Replace(parent, value, $"{Mark}{raw.Count - 1}{Mark}");
                break;
        }
    }

    private static void Replace(JsonNode parent, JsonNode? old, string value)
    {
        if (parent is JsonObject fields)
        {
            fields[fields.First(field => ReferenceEquals(field.Value, old)).Key] = value;
        }
        else if (parent is JsonArray items)
        {
            items[Enumerable.Range(0, items.Count).First(index => ReferenceEquals(items[index], old))] = value;
        }
    }

    private static IEnumerable<(JsonNode Parent, string Name, JsonNode? Value)> Places(JsonNode node)
    {
        var own = node switch
        {
            JsonObject fields => fields.Select(field => (Parent: node, Name: field.Key, field.Value)),
            JsonArray items => items.Select(item => (Parent: node, Name: "", Value: item)),
            _ => [],
        };
        return own.SelectMany(place => place.Value is null
            ? [place]
            : Places(place.Value).Prepend(place));
    }
}
