using Leaderboard.Api.Catalogue;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class EvaluationTableExamples
{
    private const string TableId = "natural-language-inference-on-snli";
    private const string Metric = "% Test Accuracy";

    private static readonly TablePaper Paper = new(
        "a-large-annotated-corpus-for-learning", "A large annotated corpus for learning natural language inference",
        "http://nlp.stanford.edu/pubs/snli_paper.pdf");

    public static readonly EvaluationTable Table = new(
        TableId, "Natural Language Inference on SNLI", "archive",
        new CatalogueLink("natural-language-inference", "Natural Language Inference"), new CatalogueLink("snli", "SNLI"),
        ["SNLI"], Description: "",
        [
            new EvaluationTableMetric(
                "17", Metric, Description: "", HigherIsBetter: true, "inferred", IsListed: true),
        ],
        Links: [], Citations: [], MirrorUrl: null, Benchmark: null,
        new DateTime(2026, 11, 26, 10, 0, 0, DateTimeKind.Utc), Attribution.PapersWithCode);

    public static readonly EvaluationTableRows Rows = new(
        TableId, Metric, HigherIsBetter: true,
        [
            new EvaluationTableRow(
                "1204", Rank: 1, "Unlexicalized features", "reported",
                [new EvaluationTableFigure(Metric, "50.4", 50.4, Unit: null, Deviation: null, Rank: 1)],
                BestRank: 1, Metric, Paper, new DateOnly(2015, 8, 21), UsesAdditionalData: false, CodeLinks: [],
                ModelLinks: [], Tags: [], SourceUrl: null, Evaluation: null),
        ],
        Next: null, Attribution.PapersWithCode);

    public static readonly EvaluationTableProgress Progress = new(
        TableId, Metric, HigherIsBetter: true,
        [
            new EvaluationTablePoint(
                new DateOnly(2015, 8, 21), 50.4, "50.4", "1204", "Unlexicalized features", "reported",
                UsesAdditionalData: false, Paper),
        ],
        Attribution.PapersWithCode);

    public static readonly MetricCorrection Correction = new(HigherIsBetter: true);
}
