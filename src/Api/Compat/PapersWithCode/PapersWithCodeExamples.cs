using Leaderboard.Api.Compat.PapersWithCode.Authors;
using Leaderboard.Api.Compat.PapersWithCode.Conferences;
using Leaderboard.Api.Compat.PapersWithCode.Datasets;
using Leaderboard.Api.Compat.PapersWithCode.Evaluations;
using Leaderboard.Api.Compat.PapersWithCode.Methods;
using Leaderboard.Api.Compat.PapersWithCode.Papers;
using Leaderboard.Api.Compat.PapersWithCode.Repositories;
using Leaderboard.Api.Compat.PapersWithCode.Tasks;

namespace Leaderboard.Api.Compat.PapersWithCode;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class PapersWithCodeExamples
{
    private const string Slug = "mopro-webly-supervised-learning-with";
    private const string Source = "https://my.competition.example/leaderboard/entry1";

    private static readonly DateOnly EvaluatedOn = new(2020, 9, 17);
    private static readonly Dictionary<string, string> Figures = new() { ["Top 1 Accuracy"] = "73.9%" };
    private static readonly Dictionary<string, string?> SentFigures = new() { ["Top 1 Accuracy"] = "73.9%" };

    public static readonly Repository Repository = new(
        "https://github.com/salesforce/MoPro", "salesforce", "MoPro", "MoPro: Webly Supervised Learning", 86, "pytorch",
        IsOfficial: null);

    public static readonly Paper Paper = new(
        Slug, "2009.07995", NipsId: null, "https://arxiv.org/abs/2009.07995v1", "https://arxiv.org/pdf/2009.07995v1.pdf",
        "MoPro: Webly Supervised Learning with Momentum Prototypes", "We propose a webly-supervised representation learning method.",
        ["Junnan Li", "Caiming Xiong", "Steven C. H. Hoi"], EvaluatedOn, "iclr", ConferenceUrlAbs: null, ConferenceUrlPdf: null,
        "iclr-2021-1");

    public static readonly PaperRepository Found = new(Paper, Repository, IsOfficial: true);

    public static readonly Author Author = new("junnan-li", "Junnan Li");

    public static readonly Conference Conference = new("iclr", "ICLR");

    public static readonly Proceeding Proceeding = new("iclr-2021-1", 2021, 1);

    public static readonly Area Area = new("computer-vision", "Computer Vision");

    public static readonly ResearchTask Task = new("image-classification", "Image Classification", "Name what an image shows.");

    public static readonly ResearchTaskCreate TaskCreate = new(Task.Name, Task.Description, Area.Id);

    public static readonly ResearchTaskUpdate TaskUpdate = new(Description: Task.Description);

    public static readonly Dataset Dataset = new("verytinyimagenet", "VeryTinyImageNet", "https://my.competition.example/data");

    public static readonly DatasetCreate DatasetCreate = new(Dataset.Name, Dataset.Url);

    public static readonly DatasetUpdate DatasetUpdate = new(Url: Dataset.Url);

    public static readonly Method Method = new("mopro", "MoPro", "Momentum Prototypes", "Prototypes with momentum.", Slug);

    public static readonly EvaluationTable Table = new(
        "image-classification-on-verytinyimagenet", Task.Id, Dataset.Id, "", MirrorUrl: null);

    public static readonly EvaluationTableCreate TableCreate = new(Task.Id, Dataset.Id);

    public static readonly EvaluationTableUpdate TableUpdate = new(Description: "A competition.");

    public static readonly Metric Metric = new("17", "Top 1 Accuracy", "", IsLoss: false);

    public static readonly MetricCreate MetricCreate = new(Metric.Name, Metric.Description, Metric.IsLoss);

    public static readonly MetricUpdate MetricUpdate = new(IsLoss: false);

    public static readonly TableResult Result = new(
        "1234", 1, Figures, "MoPro (ResNet-50)", UsesAdditionalData: false, Slug, Metric.Name, EvaluatedOn, Source);

    public static readonly TableResultCreate ResultCreate = new(
        SentFigures, Result.Methodology, UsesAdditionalData: false, Slug, EvaluatedOn, Source);

    public static readonly TableResultUpdate ResultUpdate = new(Methodology: Result.Methodology);

    public static readonly EvaluationTableSync Sync = new(
        Task.Name, Dataset.Name, "A competition.", "https://my.competition.example/leaderboard", "leaderboard-7",
        [new MetricSync(Metric.Name, IsLoss: false)],
        [
            new ResultSync(
                SentFigures, Result.Methodology, EvaluatedOn, "https://arxiv.org/abs/2009.07995", ExternalId: "entry-1",
                ExternalSourceUrl: Source),
        ]);

    public static readonly EvaluationTableSynced Synced = new(
        Table.Id, Task.Id, Dataset.Id, Sync.Description!, Sync.MirrorUrl, Sync.ExternalId,
        [new MetricSynced(Metric.Name, "", IsLoss: false)],
        [
            new ResultSynced(
                Result.Id, Figures, Result.Methodology, Slug, UsesAdditionalData: false, "entry-1", EvaluatedOn, Source),
        ]);
}
