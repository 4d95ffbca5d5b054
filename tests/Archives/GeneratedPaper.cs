using System.Globalization;

namespace Leaderboard.Archives;

/// <summary>What other files say of a paper. Oddities: equal titles, slugs and arXiv ids of two, no date, no arXiv id.</summary>
internal sealed record GeneratedPaper(string Title, string Slug, string? ArxivId, DateOnly? Date)
{
    private const int Months = 180;
    private static readonly DateOnly First = new(2010, 1, 1);

    public string Url => $"https://paperswithcode.com/paper/{Slug}";

    public static GeneratedPaper At(int number, ulong seed, Vocabulary vocabulary)
    {
        var draws = new Draws(seed, RecordKind.Paper, number);
        var isAgain = number > 0 && draws.OneIn(100);
        var titled = new Draws(seed, RecordKind.Paper, isAgain ? number - 1 : number);
        _ = titled.OneIn(100);
        var title = vocabulary.Title(ref titled);
        var slug = Names.Slug(title);
        slug = slug.Length > 44 && slug.LastIndexOf('-', 44) is > 0 and var end ? slug[..end] : slug;
        var month = First.AddMonths(number % Months);
        var arxivId = draws.OneIn(5)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{month:yyMM}.{(draws.OneIn(1000) && number >= Months ? number - Months : number) / Months:00000}");
        return new(
            title,
            $"{slug}-{Names.Plain(number % 5000 == 4999 ? number - 1 : number)}",
            arxivId,
            draws.OneIn(30) ? null : month.AddDays(draws.Below(28)));
    }
}
