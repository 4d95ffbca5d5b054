namespace Leaderboard.Api.Catalogue.Tasks;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class TaskExamples
{
    private static readonly CatalogueLink Area = new("computer-vision", "Computer Vision");
    private static readonly CatalogueLink Task = new("image-classification", "Image Classification");
    private static readonly CatalogueLink Dataset = new("imagenet", "ImageNet");

    public static readonly TaskSummary Summary = new(Task.Id, Task.Name, [Area], 12034, 438, 9, "archive", Attribution.PapersWithCode);

    public static readonly TaskPage Page = new(
        Task.Id, Task.Name, "Name the one class, of a fixed set, that an image shows.", [Area], ["image recognition"],
        Source: null, Parents: [],
        Children: [new CatalogueLink("multi-label-image-classification", "Multi-Label Image Classification")],
        [Dataset], [new TableLink("image-classification-on-imagenet", Task, Dataset)],
        [new BenchmarkLink("webvision-1.0", "1", Task, new CatalogueLink("webvision-1.0", "WebVision 1.0"))], 12034,
        "archive", Attribution.PapersWithCode);
}
