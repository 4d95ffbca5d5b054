namespace Leaderboard.Api.Archive;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class ExportExamples
{
    private static readonly ArchiveRow Row = new(
        "Unlexicalized features", "A large annotated corpus for learning natural language inference",
        "http://nlp.stanford.edu/pubs/snli_paper.pdf", new DateOnly(2015, 8, 21),
        new Dictionary<string, string> { ["% Test Accuracy"] = "50.4" }, CodeLinks: [], ModelLinks: [],
        UsesAdditionalData: false);

    private static readonly ArchiveDataset Dataset = new(
        "SNLI", "", DatasetLinks: [], DatasetCitations: [], new ArchiveSota(["% Test Accuracy"], [Row]), Subdatasets: []);

    public static readonly IReadOnlyList<ArchiveTask> Tables =
    [
        new("Natural Language Inference", "", ["Natural Language Processing"], Synonyms: [], SourceLink: null, [Dataset],
            Subtasks: []),
    ];
}
