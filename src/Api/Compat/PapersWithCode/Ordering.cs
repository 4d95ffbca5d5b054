namespace Leaderboard.Api.Compat.PapersWithCode;

/// <summary>The parameter <c>ordering</c> of lists: a field, with <c>-</c> before it the other way round; one that the list is
/// not ordered by is left alone, as Django REST framework does.</summary>
internal static class Ordering
{
    /// <param name="ordering">As asked for.</param>
    /// <param name="fields">The fields that it may name, each with its column.</param>
    /// <param name="otherwise">The order of the list by itself.</param>
    public static string Of(string? ordering, IReadOnlyDictionary<string, string> fields, string otherwise)
    {
        var isDescending = ordering is ['-', ..];
        return fields.GetValueOrDefault((isDescending ? ordering?[1..] : ordering) ?? "") is { } column
            ? $"{column} {(isDescending ? "desc nulls last" : "asc nulls last")}, {otherwise}"
            : otherwise;
    }

    /// <summary>A pattern of <c>ilike</c> that finds what holds this text; null where none is looked for.</summary>
    public static string? Holding(string? text) => string.IsNullOrEmpty(text)
        ? null
        : $"%{text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
