using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Accounts;

/// <summary>Users with quotas of their own.</summary>
internal static class QuotaRequests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int seed = 1_000_000;

    public static int Random() => Interlocked.Increment(ref seed);

    public static async Task SetAsync(this ApiFactory api, string user, object quota)
    {
        using var response = await api.Admin.PutAsync($"/api/v1/users/{user}/quota", Samples.Json(quota), Token);
        await response.ReadAsync(HttpStatusCode.OK);
    }

    public static async Task<JsonObject> UploadAsync(HttpClient user, string benchmark)
    {
        var checkpoint = Samples.Checkpoint();
        await user.PostJsonAsync("/api/v1/checkpoints", Samples.File(checkpoint), HttpStatusCode.Created);
        var submission = Samples.Submission(benchmark);
        submission["checkpoint"] = Samples.Sha256Of(checkpoint);
        return submission;
    }

    public static Task FailAsync(this ApiFactory api, JsonElement submission, string code) => api.ExecuteAsync("""
        update evaluations set state = 'failed', failure_code = @code, failure_message = 'x', finished_at = now()
        where submission_id = @id
        """, new { code, id = submission.GetProperty("id").GetGuid() });
}
