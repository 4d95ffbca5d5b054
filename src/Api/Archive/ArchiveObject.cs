using System.Globalization;
using System.Text.Json;
using Leaderboard.Shared;

namespace Leaderboard.Api.Archive;

/// <summary>
/// An object of the archive, read strictly: what is there has its type, no name twice, no text that PostgreSQL could not hold.
/// What is absent is as null; members that nobody reads may be anything.
/// </summary>
internal readonly struct ArchiveObject
{
    /// <summary>What a thing is called, or an index holds: in characters.</summary>
    public const int MaxName = 200;

    /// <summary>An address, an author's or a model's name, which tables spell out.</summary>
    public const int MaxLongName = 800;

    private const string HoldsNul = "holds a character \\u0000, which no text of the database may";

    private readonly JsonElement element;
    private readonly string path;

    private ArchiveObject(JsonElement element, string path)
    {
        (this.element, this.path) = (element, path);
        if (element.ValueKind is not JsonValueKind.Object)
        {
            throw new BadRecordException(path, $"is {Kind(element)}, not an object");
        }
    }

    /// <summary>The record's own.</summary>
    public static ArchiveObject Root(JsonElement element) => new(element, "$");

    public string Text(string name, int max = int.MaxValue)
    {
        var text = TextOrNull(name, max);
        return string.IsNullOrWhiteSpace(text) ? throw Bad(name, "is missing") : text;
    }

    public string TextOrEmpty(string name, int max = int.MaxValue) => TextOrNull(name, max) ?? "";

    /// <summary>Null also where it is empty.</summary>
    public string? TextOrNull(string name, int max = int.MaxValue) =>
        Find(name) is { } value && Limited(StringOf(value, $"{path}.{name}"), max, $"{path}.{name}") is { Length: > 0 } text ? text : null;

    public bool Flag(string name) => Find(name) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw Bad(name, $"is {Kind(other)}, not true or false"),
    };

    /// <summary>A number, or one in quotes.</summary>
    public int? Number(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) => value,
        { ValueKind: JsonValueKind.String } text when TextOrNull(name) is var written =>
            written is null ? null
            : int.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
            : throw Bad(name, $"is '{Short(written)}', not a whole number"),
        { } other => throw Bad(name, $"is {Kind(other)}, not a whole number"),
    };

    /// <summary>A day, or an instant of it.</summary>
    public DateOnly? Date(string name) => TextOrNull(name) is not { } text
        ? null
        : DateOnly.TryParseExact(text.Length > 10 && text[10] is 'T' or ' ' ? text[..10] : text, "yyyy-MM-dd", out var date) ? date
        : throw Bad(name, $"is '{Short(text)}', not a date such as 2020-09-17");

    /// <summary>Those that are not empty.</summary>
    public string[] Texts(string name, int max = int.MaxValue)
    {
        var texts = new List<string>();
        var place = 0;
        foreach (var item in List(name))
        {
            if (StringOf(item, $"{path}.{name}", place++) is { Length: > 0 } text)
            {
                texts.Add(Limited(text, max, $"{path}.{name}"));
            }
        }
        return [.. texts];
    }

    public IEnumerable<ArchiveObject> Objects(string name)
    {
        var at = $"{path}.{name}";
        return List(name).Select((item, i) => new ArchiveObject(item, string.Create(CultureInfo.InvariantCulture, $"{at}[{i}]")));
    }

    public ArchiveObject? Object(string name) => Find(name) is { } value ? new ArchiveObject(value, $"{path}.{name}") : null;

    /// <summary>The texts of an object whose names are free; what is null is left out.</summary>
    public IEnumerable<(string Name, string Text)> Members()
    {
        foreach (var member in element.EnumerateObject())
        {
            var name = Limited(Checked(member.Name, path), MaxName, path);
            if (member.Value.ValueKind is not JsonValueKind.Null)
            {
                yield return (name, StringOrNumberOf(member.Value, $"{path}.{name}"));
            }
        }
    }

    /// <summary>A list as it is, for a column of JSON.</summary>
    public string ListAsJson(string name)
    {
        var list = Find(name) is { } value ? CheckedList(name, value) : default;
        if (list.ValueKind is JsonValueKind.Undefined)
        {
            return "[]";
        }
        var json = JsonOf(list, $"{path}.{name}");
        return json.Contains("\\u0000", StringComparison.Ordinal) ? throw Bad(name, HoldsNul) : json;
    }

    private JsonElement.ArrayEnumerator List(string name) =>
        Find(name) is { } value ? CheckedList(name, value).EnumerateArray() : default;

    private JsonElement CheckedList(string name, JsonElement value) =>
        value.ValueKind is JsonValueKind.Array ? value : throw Bad(name, $"is {Kind(value)}, not a list");

    private JsonElement? Find(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    // Made anew, so that what it holds is text that can be read.
    private static string JsonOf(JsonElement list, string path)
    {
        try
        {
            return JsonSerializer.Serialize(list, LeaderboardJson.Options);
        }
        catch (InvalidOperationException)
        {
            throw new BadRecordException(path, "holds what is no text: half of a surrogate pair, or bytes that are not UTF-8");
        }
    }

    private static string StringOrNumberOf(JsonElement value, string path) =>
        value.ValueKind is JsonValueKind.Number ? value.GetRawText() : StringOf(value, path);

    private static string StringOf(JsonElement value, string path, int? place = null)
    {
        try
        {
            return value.ValueKind is not JsonValueKind.String ? throw Bad($"is {Kind(value)}, not a text")
                : value.GetString()! is var text && text.Contains('\0', StringComparison.Ordinal) ? throw Bad(HoldsNul)
                : text;
        }
        catch (InvalidOperationException)
        {
            throw Bad("is no text: half of a surrogate pair, or bytes that are not UTF-8");
        }

        BadRecordException Bad(string reason) =>
            new(place is null ? path : string.Create(CultureInfo.InvariantCulture, $"{path}[{place}]"), reason);
    }

    private static string Limited(string text, int max, string path) =>
        text.Length <= max ? text : throw new BadRecordException(path, $"holds {text.Length} characters, more than {max}");

    private static string Checked(string text, string path) =>
        text.Contains('\0', StringComparison.Ordinal) ? throw new BadRecordException(path, HoldsNul) : text;

    private BadRecordException Bad(string name, string reason) => new($"{path}.{name}", reason);

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
