using Leaderboard.Api.Catalogue;
using Leaderboard.Api.Catalogue.Papers;

namespace Leaderboard.Api.Archive;

/// <summary>Records of <c>papers-with-abstracts</c> and of <c>links-between-papers-and-code</c>.</summary>
internal static class PaperRecords
{
    public static void AddPaper(StagedBatch batch, ArchiveObject paper, long number)
    {
        var title = paper.Text("title");
        var authors = paper.Texts("authors", ArchiveObject.MaxLongName);
        foreach (var author in authors)
        {
            batch.Mention(StagingTable.Authors, author, author, Slug.Of(author));
        }
        var proceeding = paper.TextOrNull("proceeding", ArchiveObject.MaxName);
        if (proceeding is not null)
        {
            MentionProceeding(batch, proceeding);
        }
        var (slug, arxivId) = Identify(paper.TextOrNull("paper_url", ArchiveObject.MaxLongName), paper.TextOrNull("arxiv_id", ArchiveObject.MaxName), title);
        batch.Add(
            StagingTable.Papers, number, slug, arxivId, paper.TextOrNull("nips_id"), paper.TextOrNull("openreview_id"), title,
            paper.TextOrNull("abstract"), paper.TextOrNull("short_abstract"),
            paper.TextOrNull("url_abs") ?? paper.TextOrNull("paper_url") ?? "", paper.TextOrNull("url_pdf"), proceeding,
            paper.TextOrNull("conference_url_abs"), paper.TextOrNull("conference_url_pdf"), paper.TextOrNull("reproduces_paper"),
            authors, paper.Texts("tasks", ArchiveObject.MaxName).Select(task => TableRecords.MentionTask(batch, task, number)).ToArray(),
            paper.Objects("methods").Select(method => MethodRecords.Mention(batch, method, number)).ToArray(), paper.Date("date"));
    }

    public static void AddLink(StagedBatch batch, ArchiveObject link, long number)
    {
        var url = link.Text("repo_url", ArchiveObject.MaxLongName);
        var title = link.TextOrNull("paper_title") ?? link.Text("paper_url");
        var (slug, arxivId) = Identify(
            link.TextOrNull("paper_url", ArchiveObject.MaxLongName), link.TextOrNull("paper_arxiv_id", ArchiveObject.MaxName), title);
        var (owner, name) = Repository(url);
        batch.Add(
            StagingTable.Links, number, slug, arxivId, title,
            link.TextOrNull("paper_url_abs") ?? link.TextOrNull("paper_url") ?? "", link.TextOrNull("paper_url_pdf"), url, owner, name,
            link.Flag("is_official"), link.Flag("mentioned_in_paper"), link.Flag("mentioned_in_github"),
            link.TextOrNull("framework") ?? "none");
    }

    private static (string Slug, string? ArxivId) Identify(string? address, string? arxivId, string title) => (
        PaperAddress.Of(address).Slug ?? Slug.OfPaper(title), ArxivId.Find(arxivId));

    private static (string Owner, string Name) Repository(string url)
    {
        var path = Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.AbsolutePath : "";
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            [var owner, var name, ..] => (Plain(owner), Plain(name)),
            [var name] => ("", Plain(name)),
            _ => ("", url),
        };

        static string Plain(string part) => Uri.UnescapeDataString(part) is var text && text.Contains('\0', StringComparison.Ordinal) ? part : text;
    }

    private static void MentionProceeding(StagedBatch batch, string name)
    {
        var parts = ProceedingName.Parse(name);
        batch.Mention(
            StagingTable.Proceedings, name, name, Slug.Of(name), Slug.Of(parts.Conference), parts.Conference, parts.Year, parts.Month);
    }
}
