using System.ComponentModel.DataAnnotations;
using System.Text;
using Leaderboard.Api.Catalogue;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Search;

internal static class SearchEndpoints
{
    public const int MaxQuery = 200;

    private const int DefaultLimit = 20;
    private const int MaxLimit = 50;

    private static readonly string[] Kinds = ["task", "dataset", "method", "model", "paper"];

    public static void AddSearch(this IServiceCollection services) => services.AddHostedService<SearchRefresher>();

    public static void MapSearch(this IEndpointRouteBuilder api) =>
        api.MapGetAndHead("/search", Search).WithName("Search").WithTags("Search")
            .Refuses(Problems.ValidationFailed, Problems.RequestMalformed, Problems.TextInvalid);

    /// <summary>Finds tasks, datasets, methods, models and papers by their names and by what is said of them.</summary>
    /// <remarks>
    /// All words must be there; in quotes, one after another. Small and capital letters, accents and endings of English
    /// words do not matter, nor do spaces and hyphens of a name that is written in full. The last word may be unfinished. A
    /// word that nothing is called by is taken for the nearest one, if nothing better is found: see <c>corrected</c>.
    /// Papers are found by arXiv id and by author too; models are those on boards and in evaluation tables.
    ///
    /// First comes what is called so, then what begins so (papers: from two words on), then what has all words in its name,
    /// then papers of an author of that name, then what has them in its name, authors, abstract or description. Among
    /// those, what more papers or results stand with comes first, and of papers the newest. There is no next page: who does
    /// not find it among the first fifty asks for more words. Of a phrase in abstracts, the 100 first that have its words are
    /// looked at.
    /// </remarks>
    /// <param name="q">What to look for, 1 to 200 characters with a letter or a digit among them.</param>
    /// <param name="kind">Only these kinds: task, dataset, method, model, paper; all by default.</param>
    /// <param name="limit">Matches that are wanted, 1 to 50; 20 by default.</param>
    internal static async Task<Ok<SearchAnswer>> Search(
        [StringLength(MaxQuery, MinimumLength = 1)] string q,
        string[]? kind,
        [Range(1, MaxLimit)] int? limit,
        HttpContext http,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        errors.Require(
            q.Length <= MaxQuery && q.EnumerateRunes().Any(Rune.IsLetterOrDigit),
            "q", $"must be 1 to {MaxQuery} characters, a letter or a digit among them");
        errors.Require(
            kind is null || kind.All(Kinds.Contains), "kind", $"must be one or more of {string.Join(", ", Kinds)}");
        errors.Require(limit is null or (>= 1 and <= MaxLimit), "limit", $"must be from 1 to {MaxLimit}");
        errors.ThrowIfAny();

        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var answer = await new Searching(
            connection, kind is { Length: > 0 } ? [.. kind.Distinct()] : Kinds, limit ?? DefaultLimit)
            .SearchAsync(q, cancellationToken);
        Attribution.SetLicenceLink(http);
        return TypedResults.Ok(answer);
    }
}
