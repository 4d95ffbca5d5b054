namespace Leaderboard.Api.Catalogue.Papers;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class PaperExamples
{
    private const string Id = "arxiv:2009.07995";
    private const string Title = "MoPro: Webly Supervised Learning with Momentum Prototypes";
    private const string Slug = "mopro-webly-supervised-learning-with-momentum";
    private const string Url = "https://arxiv.org/abs/2009.07995";
    private const string UrlPdf = "https://arxiv.org/pdf/2009.07995";

    private static readonly DateOnly Day = new(2020, 9, 17);
    private static readonly CatalogueLink Task = new("image-classification", "Image Classification");
    private static readonly CatalogueLink Method = new("moco", "MoCo");

    private static readonly RelatedPaper Other = new(
        "arxiv:1911.05722", "Momentum Contrast for Unsupervised Visual Representation Learning", new DateOnly(2019, 11, 13),
        0.1879, [Task], [Method], ["momentum", "learn"], "catalog");

    public static readonly PaperSummary Summary = new(
        Id, Slug, "2009.07995", Title, ["Junnan Li", "Caiming Xiong", "Steven C. H. Hoi"], Day, "ICLR 2021 1", Url, UrlPdf,
        [Task.Id], HasCode: true, "catalog");

    public static readonly PaperPage Page = new(
        Id, Slug, "2009.07995", NipsId: null, "0-EYBhgw80y", Title,
        "We propose a webly-supervised representation learning method …", ShortAbstract: null,
        [
            new CatalogueLink("junnan-li", "Junnan Li"), new CatalogueLink("caiming-xiong", "Caiming Xiong"),
            new CatalogueLink("steven-c-h-hoi", "Steven C. H. Hoi"),
        ],
        Day, new Proceeding("iclr-2021-1", "ICLR 2021 1", new CatalogueLink("iclr", "ICLR"), 2021, 1), Url, UrlPdf,
        "https://openreview.net/forum?id=0-EYBhgw80y", "https://openreview.net/pdf?id=0-EYBhgw80y", ReproducesPaper: null,
        [Task], [Method],
        [
            new PaperCode(
                "https://github.com/salesforce/MoPro", "salesforce", "MoPro", IsOfficial: true, MentionedInPaper: true,
                MentionedInGithub: true, "pytorch", Stars: null),
        ],
        Datasets: [], "catalog")
    {
        Results =
        [
            new PaperResult(
                Task, new CatalogueLink("omnibenchmark-v1", "OmniBenchmark V1"), "image-classification-on-omnibenchmark-v1",
                "omnibenchmark-v1@1", "MoPro-V2", "average_top1_accuracy", "Average Top-1 Accuracy", 0.361, "36.1", 3,
                "reported", UsesAdditionalData: true, Day, Evaluation: null, "benchmark"),
        ],
        Related = [Other],
    };

    public static readonly RelatedPapers Related = new(Id, [Other]);
}
