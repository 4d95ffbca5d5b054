namespace Leaderboard.Api.Archive;

/// <summary>A dataset below a task: a table, or only the name above its subdatasets.</summary>
internal sealed record ExportedDataset(string Name, ExportedTable? Table, List<ExportedDataset> Subdatasets);

/// <summary>
/// The tasks of an export with their datasets: those that have tables in it, of the archive also those that have none, and
/// all above them.
/// </summary>
internal sealed class ExportTree
{
    private static readonly IEqualityComparer<string[]> ByNames =
        EqualityComparer<string[]>.Create((a, b) => a!.SequenceEqual(b!), path => string.Join('\u001f', path).GetHashCode(
            StringComparison.Ordinal));

    private readonly Dictionary<string, ExportedTask> tasks;
    private readonly ILookup<string, string> parents;
    private readonly ILookup<string, ExportedTask> children;
    private readonly ILookup<string, ExportedTable> tables;

    private ExportTree(
        IEnumerable<ExportedTask> all,
        IReadOnlyList<(string TaskId, string ParentId)> edges,
        IReadOnlyList<ExportedTable> tables,
        string? origin)
    {
        this.tables = tables.ToLookup(table => table.TaskId);
        parents = edges.ToLookup(edge => edge.TaskId, edge => edge.ParentId);
        var known = all.ToDictionary(task => task.Id);
        tasks = [];
        var waiting = new Stack<ExportedTask>(known.Values.Where(
            task => this.tables.Contains(task.Id) || (task.Origin == "archive" && origin is null or "archive")));
        while (waiting.TryPop(out var task))
        {
            if (tasks.TryAdd(task.Id, task))
            {
                foreach (var parent in parents[task.Id])
                {
                    waiting.Push(known[parent]);
                }
            }
        }
        children = edges.Where(edge => tasks.ContainsKey(edge.TaskId))
            .Select(edge => (edge.ParentId, Task: tasks[edge.TaskId]))
            .OrderBy(edge => edge.Task.Name, StringComparer.Ordinal).ThenBy(edge => edge.Task.Id, StringComparer.Ordinal)
            .ToLookup(edge => edge.ParentId, edge => edge.Task);
    }

    public static async Task<ExportTree> ReadAsync(ExportReader reader, CancellationToken cancellationToken) => new(
        await reader.ReadTasksAsync(cancellationToken), [.. await reader.ReadParentsAsync(cancellationToken)],
        await reader.ReadTablesAsync(cancellationToken), reader.Origin);

    /// <summary>First those without parents; then all, of which some are in a circle, and have no beginning.</summary>
    public IEnumerable<ExportedTask> Roots
    {
        get
        {
            var ordered = tasks.Values
                .OrderBy(task => task.Name, StringComparer.Ordinal).ThenBy(task => task.Id, StringComparer.Ordinal)
                .ToList();
            return ordered.Where(task => !parents.Contains(task.Id)).Concat(ordered);
        }
    }

    public IEnumerable<ExportedTask> ChildrenOf(ExportedTask task) => children[task.Id];

    /// <summary>
    /// A task's datasets with those below them. Tables of users and of benchmarks stand by themselves, whatever the archive
    /// has of the name.
    /// </summary>
    public List<ExportedDataset> DatasetsOf(ExportedTask task)
    {
        var top = new List<ExportedDataset>();
        var byPath = new Dictionary<string[], ExportedDataset>(ByNames);
        var archived = tables[task.Id].Where(table => table.Origin == "archive").ToList();
        var tableAt = archived.ToDictionary(table => table.DatasetPath, ByNames);
        // In their order below one another: none stands first because something below it does.
        foreach (var table in archived.OrderBy(table => table.DatasetPath.Length))
        {
            Place(table.DatasetPath);
        }
        top.AddRange(tables[task.Id].Where(table => table.Origin != "archive")
            .Select(table => new ExportedDataset(string.Join(" / ", table.DatasetPath), table, [])));
        return top;

        ExportedDataset Place(string[] path)
        {
            if (!byPath.TryGetValue(path, out var dataset))
            {
                byPath[path] = dataset = new ExportedDataset(path[^1], tableAt.GetValueOrDefault(path), []);
                (path.Length == 1 ? top : Place(path[..^1]).Subdatasets).Add(dataset);
            }
            return dataset;
        }
    }
}
