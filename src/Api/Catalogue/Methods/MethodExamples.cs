namespace Leaderboard.Api.Catalogue.Methods;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class MethodExamples
{
    public static readonly MethodSummary Summary = new("moco", "MoCo", "Momentum Contrast", 2019, 1, "catalog");

    public static readonly MethodPage Page = new(
        Summary.Id, Summary.Name, Summary.FullName, "Learns features by telling an image's other view from a queue of others.",
        new PaperLink(
            "arxiv:1911.05722", "Momentum Contrast for Unsupervised Visual Representation Learning",
            "https://arxiv.org/abs/1911.05722"),
        2019,
        new TitledLink("Momentum Contrast for Unsupervised Visual Representation Learning", "https://arxiv.org/abs/1911.05722"),
        CodeSnippetUrl: null,
        [
            new CollectionLink(
                "self-supervised-learning", "Self-Supervised Learning", new CatalogueLink("methodology", "Methodology")),
        ],
        1, ArchivePaperCount: null, "catalog");
}
