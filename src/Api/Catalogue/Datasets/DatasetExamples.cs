namespace Leaderboard.Api.Catalogue.Datasets;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class DatasetExamples
{
    private static readonly CatalogueLink Task = new("image-classification", "Image Classification");
    private static readonly CatalogueLink Dataset = new("webvision-1.0", "WebVision 1.0");

    public static readonly DatasetSummary Summary = new(
        Dataset.Id, Dataset.Name, FullName: null, ["Images"], Languages: [], new DateOnly(2017, 8, 9), 119, 1, 1, "catalog");

    public static readonly DatasetPage Page = new(
        Dataset.Id, Dataset.Name, FullName: null, "Images from the web with noisy labels.", ShortDescription: null,
        "https://data.vision.ee.ethz.ch/cvl/webvision/dataset2017.html", Licence: null, Image: null, new DateOnly(2017, 8, 9),
        Warning: null,
        new PaperLink(
            "arxiv:1708.02862", "WebVision Database: Visual Learning and Understanding from Web Data",
            "https://arxiv.org/abs/1708.02862"),
        Parent: null, Children: [], ["WebVision-1000"], ["Images"], Languages: [],
        [new DataLoader("https://loaders.example/webvision", "https://github.com/example/loaders", ["pytorch"])], [Task],
        [new TableLink("image-classification-on-webvision-1000", Task, Dataset)],
        [new BenchmarkLink("webvision-1.0", "1", Task, Dataset)], 119, "catalog");
}
