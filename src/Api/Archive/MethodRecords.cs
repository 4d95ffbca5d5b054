using Leaderboard.Api.Catalogue;
using Leaderboard.Api.Catalogue.Papers;

namespace Leaderboard.Api.Archive;

/// <summary>Records of <c>methods</c>, and the methods that papers name.</summary>
internal static class MethodRecords
{
    public static void Add(StagedBatch batch, ArchiveObject method, long number)
    {
        var name = method.Text("name", ArchiveObject.MaxName);
        var id = Addresses.Last(method.TextOrNull("url", ArchiveObject.MaxLongName)) ?? Slug.Of(name);
        var paper = method.Object("paper");
        var (slug, arxivId) = PaperAddress.Of(paper?.TextOrNull("url"));
        batch.Add(
            StagingTable.Methods, number, false, id, name, method.TextOrNull("full_name") ?? name, method.TextOrEmpty("description"),
            slug, arxivId ?? ArxivId.Find(paper?.TextOrNull("arxiv_id")), method.Number("introduced_year"),
            method.TextOrNull("source_title"), method.TextOrNull("source_url"), method.TextOrNull("code_snippet_url"),
            method.Number("num_papers"));
        foreach (var collection in method.Objects("collections"))
        {
            var named = collection.Text("collection", ArchiveObject.MaxName);
            var area = collection.TextOrNull("area", ArchiveObject.MaxName) ?? collection.TextOrNull("area_id", ArchiveObject.MaxName);
            batch.Add(
                StagingTable.Collections, number, id, Slug.Of(named), named, null, null,
                area is null ? null : TableRecords.MentionArea(batch, area, collection.TextOrNull("area_id", ArchiveObject.MaxName)));
        }
    }

    /// <summary>A method as a paper says it; also where no record is of it.</summary>
    /// <returns>Its name.</returns>
    public static string Mention(StagedBatch batch, ArchiveObject method, long number)
    {
        var name = method.Text("name", ArchiveObject.MaxName);
        var id = Slug.Of(name);
        batch.Mention(
            StagingTable.Methods, name, number, true, id, name, method.TextOrNull("full_name") ?? name,
            method.TextOrEmpty("description"), null, null, method.Number("introduced_year"), method.TextOrNull("source_title"),
            method.TextOrNull("source_url"), method.TextOrNull("code_snippet_url"), null);
        if (method.Object("main_collection") is { } collection && collection.TextOrNull("name", ArchiveObject.MaxName) is { } named)
        {
            var area = collection.TextOrNull("area", ArchiveObject.MaxName);
            batch.Mention(
                StagingTable.Collections, $"{name}\n{named}", number, id, Slug.Of(named), named, collection.TextOrNull("description"),
                collection.TextOrNull("parent"), area is null ? null : TableRecords.MentionArea(batch, area, null));
        }
        return name;
    }
}

internal static class Addresses
{
    /// <summary>The last part of an address of Papers With Code, by which it names a thing; null where there is none.</summary>
    public static string? Last(string? url)
    {
        var path = url?.Split('?', '#')[0].TrimEnd('/');
        return path is { Length: < 1000 } && path.LastIndexOf('/') is >= 0 and var at && path[(at + 1)..] is { Length: > 0 } last ? last : null;
    }
}
