using Leaderboard.Api.Catalogue;
using Leaderboard.Api.EvaluationTables;

namespace Leaderboard.Api.Archive;

/// <summary>
/// Records of <c>evaluation-tables</c>: a task with its datasets and subtasks, each dataset with its table and its parts.
/// </summary>
internal sealed class TableRecords
{
    private const int TablesOfRecord = 20;   // as a power of two

    private readonly StagedBatch batch;
    private readonly long number;
    private long table;

    private TableRecords(StagedBatch batch, long number, long firstTable) =>
        (this.batch, this.number, table) = (batch, number, firstTable);

    /// <param name="batch">Where its rows go.</param>
    /// <param name="task">The record.</param>
    /// <param name="number">The record's number.</param>
    public static void Add(StagedBatch batch, ArchiveObject task, long number) =>
        new TableRecords(batch, number, number << TablesOfRecord).AddTask(task, parent: null);

    /// <summary>A task that something belongs to, also where no record is of it.</summary>
    /// <returns>Its id.</returns>
    public static string MentionTask(StagedBatch batch, string name, long number)
    {
        var id = Slug.Of(name);
        batch.Mention(StagingTable.Tasks, name, number, id, name, "", Array.Empty<string>(), Array.Empty<string>(), null, null, null);
        return id;
    }

    /// <returns>The area's id.</returns>
    public static string MentionArea(StagedBatch batch, string name, string? id)
    {
        id ??= Slug.Of(name);
        batch.Mention(StagingTable.Areas, name, id, name);
        return id;
    }

    private void AddTask(ArchiveObject task, string? parent)
    {
        var name = task.Text("task", ArchiveObject.MaxName);
        var id = Slug.Of(name);
        var areas = task.Texts("categories", ArchiveObject.MaxName);
        foreach (var area in areas)
        {
            MentionArea(batch, area, null);
        }
        var source = task.Object("source_link");
        batch.Add(
            StagingTable.Tasks, number, id, name, task.TextOrEmpty("description"), areas, task.Texts("synonyms"),
            source?.TextOrNull("title"), source?.TextOrNull("url"), parent == id ? null : parent);
        var position = 0;
        foreach (var dataset in task.Objects("datasets").Where(dataset => !IsForeign(dataset)))
        {
            AddDataset(dataset, id, dataset.Text("dataset", ArchiveObject.MaxName), [], position++);
        }
        foreach (var subtask in task.Objects("subtasks"))
        {
            AddTask(subtask, id);
        }
    }

    // What an export of this software says of its own, users' tables and benchmarks', is not the archive's.
    private static bool IsForeign(ArchiveObject of) => of.Object("leaderboard") is not null;

    private void AddDataset(ArchiveObject dataset, string task, string name, string[] above, int position)
    {
        string[] path = [.. above, name];
        var sota = dataset.Object("sota");
        var key = table++;
        batch.Add(
            StagingTable.Tables, key, task, Slug.Of(name), path, $"{task}-on-{string.Join('-', path.Select(Slug.Of))}", position,
            dataset.TextOrEmpty("description"), dataset.ListAsJson("dataset_links"), dataset.ListAsJson("dataset_citations"),
            sota is not null);
        if (sota is not null)
        {
            AddRows(sota.Value, key);
        }
        var place = 0;
        foreach (var part in dataset.Objects("subdatasets"))
        {
            AddDataset(part, task, part.TextOrNull("subdataset", ArchiveObject.MaxName) ?? part.Text("dataset", ArchiveObject.MaxName), path, place++);
        }
    }

    private void AddRows(ArchiveObject sota, long key)
    {
        var metrics = new HashSet<string>();
        foreach (var metric in sota.Texts("metrics", ArchiveObject.MaxName))
        {
            AddMetric(metric, isListed: true);
        }
        var position = 0;
        foreach (var row in sota.Objects("rows").Where(row => !IsForeign(row)))
        {
            var url = row.TextOrNull("paper_url", ArchiveObject.MaxLongName);
            var (slug, arxivId) = PaperAddress.Of(url);
            batch.Add(
                StagingTable.Rows, key, position, row.TextOrEmpty("model_name", ArchiveObject.MaxLongName), row.TextOrNull("paper_title"), url, slug, arxivId,
                row.Date("paper_date"), row.Flag("uses_additional_data"), row.ListAsJson("code_links"),
                row.ListAsJson("model_links"), row.ListAsJson("tags"));
            foreach (var (metric, raw) in row.Object("metrics")?.Members() ?? [])
            {
                AddMetric(metric, isListed: false);
                var (value, unit, deviation) = Figure.Parse(raw);
                batch.Add(StagingTable.Values, key, position, metric, raw, value, unit, deviation);
            }
            position++;
        }

        void AddMetric(string metric, bool isListed)
        {
            if (metrics.Add(metric))
            {
                batch.Add(
                    StagingTable.Metrics, key, metrics.Count, metric, MetricDirections.IsLoss(metric), isListed);
            }
        }
    }
}
