using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Requests;

/// <summary>Texts that the server itself has answered with, by the name of their field.</summary>
internal sealed class KnownValues
{
    private readonly SortedDictionary<string, SortedSet<string>> byName = new(StringComparer.Ordinal);
    private readonly SortedSet<string> uuids = new(StringComparer.Ordinal);

    public void Learn(JsonNode? node, string name = "")
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (field, value) in fields)
                {
                    Learn(value, field);
                }
                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Learn(item, name);
                }
                break;
            case JsonValue text when text.TryGetValue<string>(out var value) && value is { Length: > 0 and < 300 }:
                byName.TryAdd(name, new SortedSet<string>(StringComparer.Ordinal));
                byName[name].Add(value);
                if (Guid.TryParse(value, out _))
                {
                    uuids.Add(value);
                }
                break;
        }
    }

    /// <summary>Leaves a text out of what requests name, under one name or, of an id, under any.</summary>
    public void Forget(string value, string? name = null)
    {
        foreach (var (field, values) in byName)
        {
            if (name is null || field == name)
            {
                values.Remove(value);
            }
        }
        uuids.Remove(value);
    }

    /// <summary>One that fits a field of this name and format; null where none is known.</summary>
    public string? Pick(Random random, string name, string? format)
    {
        var known = byName.GetValueOrDefault(name == "cursor" ? "next" : name) ?? (format == "uuid" ? uuids : null);
        return known is { Count: > 0 } ? known.ElementAt(random.Next(known.Count)) : null;
    }

    /// <summary>What stands before a parameter in a path says what it names: <c>submission</c> for <c>/submissions/{id}</c>.</summary>
    public static string? NameOf(string path, string parameter)
    {
        var steps = path.Split('/');
        var place = Array.IndexOf(steps, $"{{{parameter}}}");
        return place > 0 ? steps[place - 1].TrimEnd('s').Replace('-', '_') : null;
    }

    /// <summary>Whether anything of this name is known.</summary>
    public bool Knows(string? name) => name is not null && byName.ContainsKey(name);
}
