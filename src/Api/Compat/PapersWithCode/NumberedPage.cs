using System.Globalization;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;

namespace Leaderboard.Api.Compat.PapersWithCode;

/// <summary>One page of a list.</summary>
/// <param name="Count">Rows of all pages; of papers, repositories and authors that a filter has chosen, at most 10,000 are
/// counted.</param>
/// <param name="Next">Address of the next page; null on the last.</param>
/// <param name="Previous">Address of the page before; null on the first.</param>
/// <param name="Results">The rows.</param>
public sealed record NumberedPage<T>(long Count, string? Next, string? Previous, IReadOnlyList<T> Results);

/// <summary>Which page is asked for, by the rules of Django REST framework: a size that is none is the default, one that is
/// too large the largest; a page that is none is not there.</summary>
/// <param name="Page">Number of the page, from 1; 1 by default.</param>
/// <param name="ItemsPerPage">Rows of a page, 1 to 500; 50 by default.</param>
/// <param name="Http">The request, whose address the pages around it have.</param>
internal sealed record PageQuery(
    [property: FromQuery(Name = "page")] string? Page,
    [property: FromQuery(Name = "items_per_page")] string? ItemsPerPage,
    HttpContext Http)
{
    private const int DefaultSize = 50;
    private const int MaxSize = 500;

    public int Number => Page is null ? 1
        : int.TryParse(Page, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw Invalid();

    public int Size => int.TryParse(ItemsPerPage, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0
        ? Math.Min(size, MaxSize)
        : ItemsPerPage is { Length: > 0 } digits && digits.All(char.IsAsciiDigit) && digits.Any(digit => digit > '0') ? MaxSize
        : DefaultSize;

    public long Skip => (long)(Number - 1) * Size;

    /// <summary>The page of these rows, of which one more may be there to tell that others follow.</summary>
    public NumberedPage<T> Of<T>(IReadOnlyList<T> rows, long count)
    {
        if (rows.Count == 0 && Number > 1)
        {
            throw Invalid();
        }
        var isLast = rows.Count <= Size;
        return new NumberedPage<T>(
            Math.Max(count, Skip + rows.Count),
            isLast ? null : AddressOf(Number + 1),
            Number == 1 ? null : AddressOf(Number - 1),
            isLast ? rows : [.. rows.Take(Size)]);
    }

    private static RefusedException Invalid() => Problems.NotFound.Because("Invalid page.");

    private string AddressOf(int page)
    {
        var request = Http.Request;
        var query = request.Query.Where(pair => pair.Key != "page")
            .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create<string, string?>(pair.Key, value))
            .ToList();
        if (page > 1)
        {
            query.Add(KeyValuePair.Create<string, string?>("page", page.ToString(CultureInfo.InvariantCulture)));
        }
        return UriHelper.BuildAbsolute(
            request.Scheme, request.Host, request.PathBase, request.Path, QueryString.Create(query));
    }
}
