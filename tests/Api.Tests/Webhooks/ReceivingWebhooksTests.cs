using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Webhooks;

public sealed class ReceivingWebhooksTests(ReceivingWebhooksTests.Api api) : IClassFixture<ReceivingWebhooksTests.Api>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public sealed class Api : ApiFactory
    {
        protected override IReadOnlyList<string> Settings =>
        [
            "--Webhooks:AllowPrivateAddresses=true", "--Webhooks:FirstRetry=00:00:00.020", "--Webhooks:MaxAttempts=4",
            "--Webhooks:PollInterval=00:00:00.020", "--Webhooks:Timeout=00:00:00.500",
        ];
    }

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
        await FailAsync(user, "again");
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
        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        using var user = await api.CreateUserAsync("given-up");
        var webhook = await CreateAsync(user, receiver.Url, ["evaluation.failed"]);
        await FailAsync(user, "given-up");
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
        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        using var user = await api.CreateUserAsync("gone");
        var webhook = await CreateAsync(user, receiver.Url, ["evaluation.failed"]);
        await FailAsync(user, "gone");
        Assert.Equal(1, (await EndOfAsync(user, webhook)).GetProperty("attempts").GetInt32());
        await UntilAsync(async () => (await ShowAsync()).GetProperty("disabled_reason").GetString()?.Contains("410") == true);
        await FailAsync(user, "gone-again");
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
        await UntilAsync(async () => (await DeliveriesAsync(user, webhook)).EnumerateArray()
            .All(delivery => delivery.GetProperty("state").GetString() == "delivered"));
        var bodies = new List<string>();
        while (receiver.Waiting > 0)
        {
            bodies.Add((await receiver.NextAsync()).Body);
        }
        Assert.Equal(
            Enumerable.Range(1, 30).Select(n => $"{n}").Order(), bodies.Order());
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

    private async Task FailAsync(HttpClient user, string benchmark)
    {
        await api.CreateBenchmarkAsync(benchmark);
        var submission = await ApiFactory.SubmitAsync(user, Samples.Submission(benchmark));
        await api.ExecuteAsync(
            "update evaluations set state = 'failed', failure_code = 'timed_out' where submission_id = @id",
            new { id = submission.GetProperty("id").GetGuid() });
    }

    private static Task<JsonElement> CreateAsync(HttpClient user, string url, string[] events) =>
        user.PostJsonAsync("/api/v1/webhooks", new { url, events }, HttpStatusCode.Created);

    private static async Task<JsonElement> DeliveriesAsync(HttpClient user, JsonElement webhook) =>
        (await user.GetJsonAsync($"/api/v1/webhooks/{webhook.GetProperty("id")}/deliveries")).GetProperty("items");

    private static async Task<JsonElement> EndOfAsync(HttpClient user, JsonElement webhook)
    {
        JsonElement last = default;
        await UntilAsync(async () =>
        {
            var all = await DeliveriesAsync(user, webhook);
            return all.GetArrayLength() > 0 && (last = all[0]).GetProperty("state").GetString() != "pending";
        });
        return last;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(Token);
        }
    }
}
