namespace Leaderboard.Api.Hosting;

/// <summary>What the groups of operations in the OpenAPI document are about.</summary>
internal static class OpenApiTags
{
    public static readonly IReadOnlyDictionary<string, string> Descriptions = new Dictionary<string, string>
    {
        ["Submissions"] = "A checkpoint handed in under a model name, to be evaluated on benchmarks.",
        ["Checkpoints"] = "Files with weights, named by their SHA-256.",
        ["Uploads"] = "Large checkpoints by tus 1.0, which goes on where a broken connection ended.",
        ["Evaluations"] = "Runs of a checkpoint on a benchmark: state, progress, scores, predictions.",
        ["Webhooks"] = "Addresses that are told, with a signature, of what becomes of one's evaluations.",
        ["Comparisons"] = "Two evaluations of one benchmark, image by image.",
        ["Leaderboards"] = "Ranked boards: what was measured here beside what was published.",
        ["Results"] = "Figures on boards, measured here or reported from elsewhere; their moderation and history.",
        ["Search"] = "Tasks, datasets, methods, models and papers by what they are called and what is said of them.",
        ["Benchmarks"] = "What checkpoints are measured on: dataset, transform, protocol, metrics.",
        ["Accounts"] = "Users, their API keys and quotas.",
        ["Health"] = "Whether the server lives, and whether it can work.",
    };
}
