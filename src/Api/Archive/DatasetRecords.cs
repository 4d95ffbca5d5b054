using Leaderboard.Api.Catalogue;

namespace Leaderboard.Api.Archive;

/// <summary>Records of <c>datasets</c>.</summary>
internal static class DatasetRecords
{
    public static void Add(StagedBatch batch, ArchiveObject dataset, long number)
    {
        var name = dataset.Text("name", ArchiveObject.MaxName);
        var paper = dataset.Object("paper");
        var (slug, arxivId) = PaperAddress.Of(paper?.TextOrNull("url"));
        batch.Add(
            StagingTable.Datasets, number, Addresses.Last(dataset.TextOrNull("url", ArchiveObject.MaxLongName)) ?? Slug.Of(name), name,
            dataset.TextOrNull("full_name"), dataset.TextOrNull("homepage"), dataset.TextOrEmpty("description"),
            dataset.TextOrNull("short_description"), dataset.TextOrNull("parent_dataset"), dataset.TextOrNull("image"), slug, arxivId,
            dataset.Date("introduced_date"), dataset.TextOrNull("warning"), dataset.Texts("modalities"), dataset.Texts("languages"),
            dataset.Texts("variants", ArchiveObject.MaxLongName),
            dataset.Objects("tasks").Select(task => TableRecords.MentionTask(batch, task.Text("task", ArchiveObject.MaxName), number)).ToArray(),
            dataset.Number("num_papers"), dataset.ListAsJson("data_loaders"));
    }
}
