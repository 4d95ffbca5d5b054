using Dapper;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;
using Npgsql;

namespace Leaderboard.Api.Catalogue;

/// <summary>Where a page of a catalogue's list begins.</summary>
/// <param name="Key">What the last row shown is sorted by.</param>
/// <param name="Id">Its id.</param>
/// <param name="List">Which list it is of: kind and filters.</param>
internal sealed record CatalogueCursor(string Key, string Id, string List);

/// <summary>What lists of the catalogue share: filters, cursors, rows that PostgreSQL gives as JSON.</summary>
internal static class CatalogueList
{
    public const int MaxFilter = 200;

    /// <summary>A filter that is given is a text that could be a name.</summary>
    public static void CheckFilters(this Errors errors, params ReadOnlySpan<(string Name, string? Value)> filters)
    {
        foreach (var (name, value) in filters)
        {
            if (value is not null)
            {
                errors.RequireText(value, name, MaxFilter);
            }
        }
    }

    /// <summary>The cursor of a list; of another list's it is none.</summary>
    public static CatalogueCursor? ReadCursor(string? cursor, string list)
    {
        var after = Cursor.Read<CatalogueCursor>(cursor);
        return after is null || after.List == list
            ? after
            : throw Problems.CursorInvalid.Because("This cursor is of another list, or of other filters.");
    }

    /// <summary>Names a list by its kind and filters.</summary>
    public static string Fingerprint(object filter) => Cursor.Fingerprint(new { kind = filter.GetType().Name, filter });

    /// <summary>A page of the rows found, of which there is one more than the page holds where another page follows.</summary>
    public static Page<T> PageOf<T>(IReadOnlyList<T> found, int limit, Func<T, CatalogueCursor> cursorOf) => new(
        [.. found.Take(limit)], found.Count > limit ? Cursor.Of(cursorOf(found[limit - 1])) : null);

    /// <summary>Rows of a statement whose one column is the JSON of a contract, each with its attribution.</summary>
    public static async Task<IReadOnlyList<T>> QueryJsonAsync<T>(
        this NpgsqlDataSource db, string sql, object parameters, Func<T, T> attribute, CancellationToken cancellationToken)
        where T : class
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<string>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(row => attribute(LeaderboardJson.Parse<T>(row)))];
    }
}
