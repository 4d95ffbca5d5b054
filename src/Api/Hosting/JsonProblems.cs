using System.Text.Json;
using System.Text.RegularExpressions;

namespace Leaderboard.Api.Hosting;

/// <summary>Turns what the JSON reader says into a problem in the words of the wire.</summary>
internal static partial class JsonProblems
{
    public static RefusedException Of(JsonException exception)
    {
        var path = exception.Path is { Length: > 2 } at && at[0] == '$' ? at[1..].TrimStart('.') : "";
        var missing = MissingMembers().Match(exception.Message);
        if (missing.Success)
        {
            return Refuse(
                QuotedName().Matches(missing.Groups[1].Value).Select(name => Join(path, name.Groups[1].Value)), "is required");
        }
        if (UnknownMember().IsMatch(exception.Message))
        {
            return Refuse([path], "is not a member of this object");
        }
        if (DuplicateMember().Match(exception.Message) is { Success: true } duplicate)
        {
            return Refuse([Join(path, duplicate.Groups[1].Value)], "is there twice");
        }
        if (WrongType().IsMatch(exception.Message))
        {
            return Refuse([path], "is null, or has another type than described");
        }
        return Problems.JsonMalformed.Because(exception.Message);
    }

    private static RefusedException Refuse(IEnumerable<string> fields, string reason)
    {
        var errors = new Errors();
        foreach (var field in fields)
        {
            errors.Add(field.Length > 0 ? field : "body", reason);
        }
        return errors.Refusal();
    }

    private static string Join(string path, string name) =>
        path == name || path.EndsWith($".{name}", StringComparison.Ordinal) || path.Length == 0 ? name : $"{path}.{name}";

    // The messages of System.Text.Json name .NET types, which are nobody's business on the wire.
    [GeneratedRegex("missing required properties including: (.*?)\\.(?: Path|$)")]
    private static partial Regex MissingMembers();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex QuotedName();

    [GeneratedRegex("could not be mapped to any \\.NET member")]
    private static partial Regex UnknownMember();

    [GeneratedRegex("^Duplicate property '([^']*)'")]
    private static partial Regex DuplicateMember();

    [GeneratedRegex("could not be converted to|doesn't allow setting null|doesn't allow null|null value")]
    private static partial Regex WrongType();
}
