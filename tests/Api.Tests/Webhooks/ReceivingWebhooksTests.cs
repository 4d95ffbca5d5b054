using System.Net;
using System.Text.Json;
using static Leaderboard.Api.Tests.Webhooks.DeliveryRequests;

namespace Leaderboard.Api.Tests.Webhooks;

public sealed class ReceivingWebhooksTests(DeliveryRequests.Api api) : IClassFixture<DeliveryRequests.Api>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_evaluation_that_ends_is_told_with_its_scores_signed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var user = await api.CreateUserAsync("told");
        var webhook = await CreateAsync(user, receiver.Url, ["evaluation.running", "evaluation.succeeded"]);
        await api.CreateBenchmarkAsync("told");
        var evaluation = await api.MeasureAsync("told", "m", "1100", user);

        var message = await receiver.NextAsync();
        Assert.True(message.IsSignedWith(webhook.GetProperty("secret").GetString()!), message.ToString());
        Assert.StartsWith("application/json", message.ContentType, StringComparison.Ordinal);
        Assert.InRange(long.Parse(message.Timestamp), DateTimeOffset.Parse("2026-01-01Z").ToUnixTimeSeconds(), long.MaxValue);
        var body = JsonDocument.Parse(message.Body).RootElement;
        Assert.Equal("evaluation.succeeded", body.GetProperty("type").GetString());
        var data = body.GetProperty("data");
        Assert.Equal(evaluation, data.GetProperty("evaluation").GetGuid());
        Assert.Equal("told", data.GetProperty("benchmark").GetString());
        Assert.Equal(
            """[{"metric" : "top1_accuracy", "value" : 0.5}]""", data.GetProperty("scores").GetRawText());
        Assert.Equal(JsonValueKind.Null, data.GetProperty("failure").ValueKind);

        var delivery = await EndOfAsync(user, webhook);
        Assert.Equal(message.Id, delivery.GetProperty("id").GetString());
        Assert.Equal("delivered", delivery.GetProperty("state").GetString());
        Assert.Equal(204, delivery.GetProperty("status").GetInt32());
        Assert.Equal(1, delivery.GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task A_disabled_user_is_told_nothing()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var user = await api.CreateUserAsync("told-disabled");
        using var other = await api.CreateUserAsync("told-enabled");
        var waiting = await CreateAsync(user, receiver.Url, ["evaluation.succeeded"]);
        var sent = await CreateAsync(other, receiver.Url, ["evaluation.succeeded"]);
        await api.CreateBenchmarkAsync("told-disabled");
        var submission = await ApiFactory.SubmitAsync(user, Samples.Submission("told-disabled"));
        await api.Admin.PostJsonAsync("/api/v1/users/told-disabled/disable", new { }, HttpStatusCode.OK);

        await api.RecordScoreAsync(WorkerRows.EvaluationOf(submission), ("a", 0, 0));
        Assert.Equal(0, await CountAsync("true"));
        foreach (var webhook in (JsonElement[])[waiting, sent])
        {
            await api.ExecuteAsync(
                "insert into webhook_deliveries (webhook_id, event, body) values (@id, 'evaluation.succeeded', '{}')",
                new { id = webhook.GetProperty("id").GetGuid() });
        }
        await receiver.NextAsync();
        Assert.Equal(1, await CountAsync("attempts = 0"));

        Task<int> CountAsync(string condition) => api.ScalarAsync<int>(
            $"select count(*) from webhook_deliveries where webhook_id = @id and {condition}",
            new { id = waiting.GetProperty("id").GetGuid() });
    }

    [Fact]
    public async Task A_test_of_a_webhook_that_is_being_deleted_is_sent_or_refused()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        for (var round = 0; round < 40; round++)
        {
            var webhook = await CreateAsync(api.Admin, receiver.Url, ["evaluation.succeeded"]);
            var address = $"/api/v1/webhooks/{webhook.GetProperty("id")}";
            var testing = Enumerable.Range(0, 4).Select(_ => api.Admin.PostAsync($"{address}/test", null, Token)).ToList();
            using var deleted = await api.Admin.DeleteAsync(address, Token);
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            foreach (var answer in await Task.WhenAll(testing))
            {
                Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.NotFound]);
                answer.Dispose();
            }
        }
    }

    [Fact]
    public async Task Only_what_was_asked_for_and_only_ones_own_is_told()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var user = await api.CreateUserAsync("asked");
        using var other = await api.CreateUserAsync("asked-other");
        var webhook = await CreateAsync(user, receiver.Url, ["evaluation.cancelled"]);
        await api.CreateBenchmarkAsync("asked");
        await api.MeasureAsync("asked", "m", "1100", user);
        foreach (var client in (HttpClient[])[other, user])
        {
            var id = (await ApiFactory.SubmitAsync(client, Samples.Submission("asked", "n")))
                .GetProperty("evaluations")[0].GetProperty("id").GetGuid();
            using var cancelled = await client.PostAsync($"/api/v1/evaluations/{id}/cancel", null, Token);
            Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        }
        Assert.Equal("evaluation.cancelled", (await EndOfAsync(user, webhook)).GetProperty("event").GetString());
        Assert.Single((await DeliveriesAsync(user, webhook)).EnumerateArray());
    }

    [Fact]
    public async Task A_webhook_that_is_deleted_meanwhile_fails_no_evaluation()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var user = await api.CreateUserAsync("deleted-meanwhile");
        await api.CreateBenchmarkAsync("deleted-meanwhile");
        for (var round = 0; round < 10; round++)
        {
            var webhook = await CreateAsync(user, receiver.Url, ["evaluation.succeeded"]);
            var measuring = api.MeasureAsync("deleted-meanwhile", $"m{round}", "1", user);
            var deleting = user.DeleteAsync($"/api/v1/webhooks/{webhook.GetProperty("id")}", Token);
            var id = await measuring;
            using var deleted = await deleting;
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            Assert.Equal("succeeded", (await user.GetJsonAsync($"/api/v1/evaluations/{id}")).GetProperty("state").GetString());
        }
    }
}
