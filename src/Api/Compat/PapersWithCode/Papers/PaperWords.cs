using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Papers;

/// <summary>
/// Which of the words that are looked for an index can find: among hundreds of thousands of papers, to compare each text takes
/// seconds.
/// </summary>
internal static partial class PaperWords
{
    private const int MaxWords = 32;

    private const string FindsAny = "select numnode(to_tsquery('public.search', @words)) > 0";

    /// <summary>A query of PostgreSQL's text search; null where the text has no words that it keeps.</summary>
    public static async Task<string?> QueryAsync(NpgsqlDataSource db, string? text, CancellationToken cancellationToken)
    {
        var words = Of(text);
        if (words.Length == 0)
        {
            return null;
        }
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(FindsAny, new { words }, cancellationToken: cancellationToken)) ? words : null;
    }

    // The last word may not be all there.
    private static string Of(string? text)
    {
        var words = Word().Matches(text ?? "").Take(MaxWords).Select(word => $"'{word.Value}'").ToList();
        return words.Count == 0 ? "" : $"{string.Join(" & ", words)}:*";
    }

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Word();
}
