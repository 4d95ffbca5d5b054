using System.Globalization;
using System.Text.Json;
using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Compat.PapersWithCode;

/// <summary>
/// The fields of a JSON object, taken one by one; what is wrong with them is told all at once, in the words of Django REST
/// framework. Of an update, null and what is not there both leave a field as it is: the client of Papers With Code sends null for
/// every field that its caller did not set. Fields that nobody knows are left alone.
/// </summary>
internal sealed class Fields(JsonElement body, Errors errors, bool isUpdate = false, string prefix = "")
{
    /// <summary>Of what becomes part of an id or of a key.</summary>
    public const int MaxName = 200;

    public const int MaxLine = 500;
    public const int MaxUrl = 2000;
    public const int MaxText = 100_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public Errors Errors => errors;

    /// <summary>How much has been refused through this object.</summary>
    public int Faults { get; private set; }

    /// <summary>Reads the request's body, which must be an object.</summary>
    public static async Task<Fields> ReadAsync(HttpContext http, bool isUpdate, CancellationToken cancellationToken)
    {
        if (!http.Request.HasJsonContentType())
        {
            throw Problems.MediaTypeUnsupported.Because(
                $"Unsupported media type \"{http.Request.ContentType}\" in request. Send application/json.");
        }
        try
        {
            var document = await JsonDocument.ParseAsync(http.Request.Body, Strict, cancellationToken);
            http.Response.RegisterForDispose(document);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new Fields(document.RootElement, new Errors(), isUpdate)
                : throw DjangoErrors.Refuse("non_field_errors", "Invalid data. Expected an object.");
        }
        // A name of a field that has half of a surrogate pair.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Problems.JsonMalformed.Because($"JSON parse error - {exception.Message}");
        }
    }

    /// <summary>A text that a new object must have; null where an update leaves it, or it is refused.</summary>
    public string? Required(string name, int maxLength = MaxLine)
    {
        if (!IsThere(name, isRequired: true, out var value))
        {
            return null;
        }
        var text = Text(name, value, maxLength);
        if (text is not null && string.IsNullOrWhiteSpace(text))
        {
            Refuse(name, "This field may not be blank.");
            return null;
        }
        return text?.Trim();
    }

    /// <summary>A text, empty where there is none; null where it is not said.</summary>
    public string? Optional(string name, int maxLength = MaxLine) =>
        IsThere(name, isRequired: false, out var value) ? Text(name, value, maxLength)?.Trim() : null;

    /// <summary>An address that a browser can open, or empty.</summary>
    public string? Url(string name)
    {
        var text = Optional(name, MaxUrl);
        if (text is { Length: > 0 }
            && !(Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            Refuse(name, "Enter a valid URL.");
            return null;
        }
        return text;
    }

    public bool? Flag(string name)
    {
        if (!IsThere(name, isRequired: false, out var value))
        {
            return null;
        }
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Refuse(name, "Must be a valid boolean.");
            return null;
        }
        return value.GetBoolean();
    }

    public DateOnly? Date(string name, bool isRequired = false)
    {
        if (!IsThere(name, isRequired, out var value))
        {
            return null;
        }
        if (value.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(
            Text(name, value, MaxLine), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }
        Refuse(name, "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.");
        return null;
    }

    /// <summary>A list of objects, empty where there is none.</summary>
    public IReadOnlyList<Fields> List(string name, int maxLength)
    {
        if (!IsThere(name, isRequired: false, out var value))
        {
            return [];
        }
        if (value.ValueKind != JsonValueKind.Array)
        {
            Refuse(name, "Expected a list of items.");
            return [];
        }
        if (value.GetArrayLength() > maxLength)
        {
            Refuse(name, $"Ensure this field has no more than {maxLength} elements.");
            return [];
        }
        var items = new List<Fields>(value.GetArrayLength());
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                Refuse($"{name}[{index}]", "Invalid data. Expected an object.");
                return [];
            }
            items.Add(new Fields(item, errors, isUpdate, $"{prefix}{name}[{index}]."));
        }
        return items;
    }

    /// <summary>
    /// Figures by the name of their metric, as they are written: a number keeps its digits. A figure that is null is none. Null
    /// where an update leaves them, or they are refused.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Figures(string name)
    {
        if (!IsThere(name, isRequired: true, out var value))
        {
            return null;
        }
        if (value.ValueKind != JsonValueKind.Object)
        {
            Refuse(name, $"Expected a dictionary of items but got type \"{NameOf(value.ValueKind)}\".");
            return null;
        }
        var figures = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Null:
                    break;
                case JsonValueKind.Number:
                    figures[member.Name] = member.Value.GetRawText();
                    break;
                case JsonValueKind.String when Text(name, member.Value, MaxLine) is { } text:
                    figures[member.Name] = text.Trim();
                    break;
                case JsonValueKind.String:
                    return null;
                default:
                    Refuse(name, $"The figure of \"{member.Name}\" must be a number or a text.");
                    return null;
            }
        }
        return figures;
    }

    public void Refuse(string name, string reason)
    {
        errors.Add(prefix + name, reason);
        Faults++;
    }

    private bool IsThere(string name, bool isRequired, out JsonElement value)
    {
        if (!body.TryGetProperty(name, out value))
        {
            if (isRequired && !isUpdate)
            {
                Refuse(name, "This field is required.");
            }
            return false;
        }
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (isRequired && !isUpdate)
            {
                Refuse(name, "This field may not be null.");
            }
            return false;
        }
        return true;
    }

    private string? Text(string name, JsonElement value, int maxLength)
    {
        if (value.ValueKind != JsonValueKind.String || TextOf(value) is not { } text)
        {
            Refuse(name, "Not a valid string.");
            return null;
        }
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            Refuse(name, "Null characters are not allowed.");
            return null;
        }
        if (text.Length > maxLength)
        {
            Refuse(name, $"Ensure this field has no more than {maxLength} characters.");
            return null;
        }
        return text;
    }

    // Half of a surrogate pair is JSON, but no text.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "list",
        JsonValueKind.String => "str",
        JsonValueKind.Number => "float",
        _ => "bool",
    };
}
