using System.Net;
using System.Text.Json;
using static Leaderboard.Api.Tests.Webhooks.DeliveryRequests;

namespace Leaderboard.Api.Tests.Webhooks;

/// <summary>What is not taken is sent again, once, and given up in the end.</summary>
public sealed class RetryingDeliveriesTests(DeliveryRequests.Api api) : IClassFixture<DeliveryRequests.Api>
{
    [Fact]
    public async Task What_is_not_taken_is_sent_again_under_the_same_id_until_it_is()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (count, http) =>
        {
            http.Response.StatusCode = count < 3 ? 503 : 200;
            return Task.CompletedTask;
        };
        using var user = await api.CreateUserAsync("again");
        var webhook = await CreateAsync(user, receiver.Url, ["evaluation.failed"]);
        await api.FailAsync(user, "again");
        var messages = new List<WebhookReceiver.Message>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            messages.Add(await receiver.NextAsync());
        }
        Assert.Single(messages.Select(message => (message.Id, message.Body)).Distinct());
        Assert.All(messages, message => Assert.True(message.IsSignedWith(webhook.GetProperty("secret").GetString()!)));
        Assert.Contains("timed_out", messages[0].Body, StringComparison.Ordinal);
        var delivery = await EndOfAsync(user, webhook);
        Assert.Equal("delivered", delivery.GetProperty("state").GetString());
        Assert.Equal(3, delivery.GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task After_the_last_attempt_it_is_given_up_with_the_reason()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = WebhookReceiver.With(500);
        using var user = await api.CreateUserAsync("given-up");
        var webhook = await CreateAsync(user, receiver.Url, ["evaluation.failed"]);
        await api.FailAsync(user, "given-up");
        var delivery = await EndOfAsync(user, webhook);
        Assert.Equal("failed", delivery.GetProperty("state").GetString());
        Assert.Equal(4, delivery.GetProperty("attempts").GetInt32());
        Assert.Equal("It was answered with 500.", delivery.GetProperty("error").GetString());
        Assert.Equal(4, receiver.Waiting);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_told_no_more_until_a_test_arrives()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = WebhookReceiver.With(410);
        using var user = await api.CreateUserAsync("gone");
        var webhook = await CreateAsync(user, receiver.Url, ["evaluation.failed"]);
        await api.FailAsync(user, "gone");
        Assert.Equal(1, (await EndOfAsync(user, webhook)).GetProperty("attempts").GetInt32());
        await Poll.UntilAsync(async () => (await ShowAsync()).GetProperty("disabled_reason").GetString()?.Contains("410") == true);
        await api.FailAsync(user, "gone-again");
        Assert.Single((await DeliveriesAsync(user, webhook)).EnumerateArray());

        receiver.Answer = (_, _) => Task.CompletedTask;
        var test = await user.PostJsonAsync(
            $"/api/v1/webhooks/{webhook.GetProperty("id")}/test", new { }, HttpStatusCode.OK);
        Assert.Equal("webhook.test delivered 200", $"{test.GetProperty("event").GetString()} "
            + $"{test.GetProperty("state").GetString()} {test.GetProperty("status")}");
        Assert.Equal(JsonValueKind.Null, (await ShowAsync()).GetProperty("disabled_at").ValueKind);

        Task<JsonElement> ShowAsync() => user.GetJsonAsync($"/api/v1/webhooks/{webhook.GetProperty("id")}");
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_silence_is_not_waited_for()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var user = await api.CreateUserAsync("redirect");
        var webhook = await CreateAsync(user, receiver.Url, ["evaluation.failed"]);
        receiver.Answer = (_, http) =>
        {
            http.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        var redirected = await TestAsync();
        Assert.Equal("failed 302", $"{redirected.GetProperty("state").GetString()} {redirected.GetProperty("status")}");
        Assert.Contains("redirects are not followed", redirected.GetProperty("error").GetString());
        Assert.Equal("/hook", (await receiver.NextAsync()).Path);
        Assert.Equal(0, receiver.Waiting);

        receiver.Answer = (_, http) => Task.Delay(Timeout.Infinite, http.RequestAborted);
        var silent = await TestAsync();
        Assert.Equal("There was no answer within 0.5 s.", silent.GetProperty("error").GetString());

        // Of an endless answer the status is enough.
        receiver.Answer = async (_, http) =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(new byte[1 << 16], http.RequestAborted);
            }
        };
        Assert.Equal("delivered", (await TestAsync()).GetProperty("state").GetString());

        Task<JsonElement> TestAsync() => user.PostJsonAsync(
            $"/api/v1/webhooks/{webhook.GetProperty("id")}/test", new { }, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_delivery_whose_process_died_is_sent_by_another()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var user = await api.CreateUserAsync("died");
        var webhook = await CreateAsync(user, receiver.Url, ["evaluation.failed"]);
        await api.ExecuteAsync(
            """
            insert into webhook_deliveries (webhook_id, event, body, attempts, next_attempt_at)
            values (@id, 'evaluation.failed', '{}', 1, now() - interval '1 second')
            """,
            new { id = webhook.GetProperty("id").GetGuid() });
        Assert.Equal("{}", (await receiver.NextAsync()).Body);
        Assert.Equal(2, (await EndOfAsync(user, webhook)).GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task Two_processes_send_each_message_once()
    {
        await using var replica = await api.StartReplicaAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var user = await api.CreateUserAsync("twice");
        var webhook = await CreateAsync(user, receiver.Url, ["evaluation.failed"]);
        await api.ExecuteAsync(
            """
            insert into webhook_deliveries (webhook_id, event, body)
            select @id, 'evaluation.failed', n::text from generate_series(1, 30) n
            """,
            new { id = webhook.GetProperty("id").GetGuid() });
        await Poll.UntilAsync(async () => (await DeliveriesAsync(user, webhook)).EnumerateArray()
            .All(delivery => delivery.GetProperty("state").GetString() == "delivered"));
        var bodies = new List<string>();
        while (receiver.Waiting > 0)
        {
            bodies.Add((await receiver.NextAsync()).Body);
        }
        Assert.Equal(
            Enumerable.Range(1, 30).Select(n => $"{n}").Order(), bodies.Order());
    }
}
