namespace Leaderboard.Api.Search;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class SearchExamples
{
    private const string Title = "MoPro: Webly Supervised Learning with Momentum Prototypes";

    public static readonly SearchAnswer Answer = new(
        [
            new SearchMatch(
                "paper", "arxiv:2009.07995", Title, Title.Replace("MoPro", "<mark>MoPro</mark>", StringComparison.Ordinal),
                "We propose momentum prototypes (<mark>MoPro</mark>), a simple contrastive learning method …", "name", 0.9438,
                "/api/v1/papers/arxiv%3A2009.07995", ["Junnan Li", "Caiming Xiong", "Steven C. H. Hoi"],
                new DateOnly(2020, 9, 17), Task: null, Dataset: null, Attribution: null),
        ],
        Corrected: "mopro");
}
