namespace Leaderboard.Api.Hosting;

/// <summary>What the groups of operations in the OpenAPI document are about.</summary>
internal static class OpenApiTags
{
    public static readonly IReadOnlyDictionary<string, string> Descriptions = new Dictionary<string, string>
    {
        ["Submissions"] = "A checkpoint handed in under a model name, to be evaluated on benchmarks.",
        ["Checkpoints"] = "Files with weights, named by their SHA-256.",
        ["Evaluations"] = "Runs of a checkpoint on a benchmark: state, progress, scores, predictions.",
        ["Comparisons"] = "Two evaluations of one benchmark, image by image.",
        ["Leaderboards"] = "Ranked boards: what was measured here beside what was published.",
        ["Benchmarks"] = "What checkpoints are measured on: dataset, transform, protocol, metrics.",
        ["Accounts"] = "Users and their API keys.",
        ["Health"] = "Whether the server lives, and whether it can work.",
    };
}
