using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Webhooks;

/// <summary>Webhooks to receivers of these tests, tried again at once.</summary>
public static class DeliveryRequests
{
    public static async Task FailAsync(this ApiFactory api, HttpClient user, string benchmark)
    {
        await api.CreateBenchmarkAsync(benchmark);
        var submission = await ApiFactory.SubmitAsync(user, Samples.Submission(benchmark));
        await api.ExecuteAsync(
            "update evaluations set state = 'failed', failure_code = 'timed_out' where submission_id = @id",
            new { id = submission.GetProperty("id").GetGuid() });
    }

    public static Task<JsonElement> CreateAsync(HttpClient user, string url, string[] events) =>
        user.PostJsonAsync("/api/v1/webhooks", new { url, events }, HttpStatusCode.Created);

    public static async Task<JsonElement> DeliveriesAsync(HttpClient user, JsonElement webhook) =>
        (await user.GetJsonAsync($"/api/v1/webhooks/{webhook.GetProperty("id")}/deliveries")).GetProperty("items");

    public static async Task<JsonElement> EndOfAsync(HttpClient user, JsonElement webhook)
    {
        JsonElement last = default;
        await Poll.UntilAsync(async () =>
        {
            var all = await DeliveriesAsync(user, webhook);
            return all.GetArrayLength() > 0 && (last = all[0]).GetProperty("state").GetString() != "pending";
        });
        return last;
    }

    public sealed class Api : ApiFactory
    {
        protected override IReadOnlyList<string> Settings =>
        [
            "--Webhooks:AllowPrivateAddresses=true", "--Webhooks:FirstRetry=00:00:00.020", "--Webhooks:MaxAttempts=4",
            "--Webhooks:PollInterval=00:00:00.020", "--Webhooks:Timeout=00:00:00.500",
        ];
    }
}
