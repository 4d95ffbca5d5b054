using System.Net;
using System.Text;
using System.Text.Json;
using Leaderboard.Api.Webhooks;

namespace Leaderboard.Api.Tests.Webhooks;

public sealed class KeepingWebhooksTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly string[] Failed = ["evaluation.failed"];

    [Fact]
    public async Task The_secret_is_shown_once_and_a_webhook_is_its_users_alone()
    {
        using var user = await api.CreateUserAsync("keeper");
        using var other = await api.CreateUserAsync("not-keeper");
        using var response = await user.PostAsync(
            "/api/v1/webhooks", Samples.Json(new { url = "https://example.org/hook", events = Failed }), Token);
        var created = await response.ReadAsync(HttpStatusCode.Created);
        var address = $"/api/v1/webhooks/{created.GetProperty("id")}";
        Assert.Equal(address, response.Headers.Location!.ToString());
        Assert.Equal(32, Convert.FromBase64String(created.GetProperty("secret").GetString()!["whsec_".Length..]).Length);

        var shown = await user.GetJsonAsync(address);
        Assert.False(shown.TryGetProperty("secret", out _));
        Assert.Equal("https://example.org/hook", shown.GetProperty("url").GetString());
        Assert.Single((await user.GetJsonAsync("/api/v1/webhooks")).GetProperty("items").EnumerateArray());
        Assert.Empty((await user.GetJsonAsync($"{address}/deliveries")).GetProperty("items").EnumerateArray());

        foreach (var stranger in (HttpClient[])[other, api.Admin])
        {
            await stranger.ShouldRefuseAsync(address, null, 404, "webhook_unknown");
            await stranger.ShouldRefuseAsync($"{address}/deliveries", null, 404, "webhook_unknown");
            await stranger.ShouldRefuseAsync($"{address}/test", new { }, 404, "webhook_unknown");
            using var refused = await stranger.DeleteAsync(address, Token);
            await refused.ShouldBeProblemAsync(404, "webhook_unknown");
        }
        await api.Anonymous.ShouldRefuseAsync("/api/v1/webhooks", null, 401, "unauthenticated");

        using var deleted = await user.DeleteAsync(address, Token);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await user.ShouldRefuseAsync(address, null, 404, "webhook_unknown");
    }

    [Fact]
    public async Task A_secret_of_ones_own_is_taken()
    {
        var secret = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes("twenty-four bytes, or so"));
        var created = await api.Admin.PostJsonAsync(
            "/api/v1/webhooks", new { url = "https://example.org", events = Failed, secret }, HttpStatusCode.Created);
        Assert.Equal(secret, created.GetProperty("secret").GetString());
    }

    [Theory]
    [InlineData("""{"url":"http://example.org","events":["evaluation.failed"]}""", "url")]
    [InlineData("""{"url":"ftp://example.org","events":["evaluation.failed"]}""", "url")]
    [InlineData("""{"url":"/hook","events":["evaluation.failed"]}""", "url")]
    [InlineData("""{"url":"https://me:secret@example.org","events":["evaluation.failed"]}""", "url")]
    [InlineData("""{"url":"https://example.org/#x","events":["evaluation.failed"]}""", "url")]
    [InlineData("""{"url":"https://127.0.0.1/","events":["evaluation.failed"]}""", "url")]
    [InlineData("""{"url":"https://0x7f.1/","events":["evaluation.failed"]}""", "url")]
    [InlineData("""{"url":"https://[::1]/","events":["evaluation.failed"]}""", "url")]
    [InlineData("""{"url":"https://[::ffff:10.0.0.1]/","events":["evaluation.failed"]}""", "url")]
    [InlineData("""{"url":"https://169.254.169.254/latest","events":["evaluation.failed"]}""", "url")]
    [InlineData("""{"url":"https://example.org","events":[]}""", "events")]
    [InlineData("""{"url":"https://example.org","events":["evaluation.queued"]}""", "events")]
    [InlineData("""{"url":"https://example.org","events":[null]}""", "events")]
    [InlineData("""{"url":"https://example.org","events":["evaluation.failed"],"secret":"short"}""", "secret")]
    [InlineData("""{"url":"https://example.org","events":["evaluation.failed"],"secret":"whsec_c2hvcnQ="}""", "secret")]
    [InlineData("""{"url":"https://example.org","events":["evaluation.failed"],"secret":""}""", "secret")]
    public async Task A_bad_webhook_is_refused(string json, string field)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        var problem = await api.Admin.ShouldRefuseAsync("/api/v1/webhooks", content, 400, "validation_failed");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
    }

    [Fact]
    public async Task There_are_ten_a_user_also_when_twenty_are_asked_for_at_once()
    {
        using var user = await api.CreateUserAsync("many-hooks");
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => user.PostAsync(
            "/api/v1/webhooks", Samples.Json(new { url = $"https://example.org/{n}", events = Failed }), Token)));
        Assert.Equal(10, responses.Count(response => response.StatusCode == HttpStatusCode.Created));
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.Created))
        {
            await refused.ShouldBeProblemAsync(409, "webhooks_too_many");
        }
    }

    // A name is looked up when it is connected to, so that it cannot mean one address first and another then.
    [Fact]
    public async Task A_name_of_a_private_address_is_never_connected_to()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var user = await api.CreateUserAsync("rebinding");
        var created = await user.PostJsonAsync(
            "/api/v1/webhooks", new { url = receiver.Url.Replace("http://127.0.0.1", "https://localhost"), events = Failed },
            HttpStatusCode.Created);
        var sent = await user.PostJsonAsync(
            $"/api/v1/webhooks/{created.GetProperty("id")}/test", new { }, HttpStatusCode.OK);
        Assert.Equal("failed", sent.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, sent.GetProperty("status").ValueKind);
        Assert.Equal("localhost has no public address.", sent.GetProperty("error").GetString());
        Assert.Equal(0, receiver.Waiting);

        // A name that there is not is told alike.
        var unknown = await user.PostJsonAsync(
            "/api/v1/webhooks", new { url = "https://nowhere.invalid/x", events = Failed }, HttpStatusCode.Created);
        sent = await user.PostJsonAsync(
            $"/api/v1/webhooks/{unknown.GetProperty("id")}/test", new { }, HttpStatusCode.OK);
        Assert.Equal("nowhere.invalid has no public address.", sent.GetProperty("error").GetString());
    }

    [Fact]
    public async Task What_waits_for_a_webhook_that_was_disabled_a_month_ago_is_forgotten()
    {
        using var user = await api.CreateUserAsync("forgotten");
        var ids = new List<Guid>();
        foreach (var disabled in (string[])["31 days", "29 days"])
        {
            var webhook = (await user.PostJsonAsync(
                "/api/v1/webhooks", new { url = "https://example.org/x", events = Failed }, HttpStatusCode.Created))
                .GetProperty("id").GetGuid();
            ids.Add(webhook);
            await api.ExecuteAsync(
                """
                update webhooks set disabled_at = now() - @disabled::interval, disabled_reason = 'x' where id = @webhook;
                insert into webhook_deliveries (webhook_id, event, next_attempt_at, created_at, body)
                values (@webhook, 'evaluation.failed', now(), now() - interval '40 days', '{}')
                """,
                new { webhook, disabled });
        }
        await Api.Webhooks.DeliveryQueries.ForgetOldAsync(api.Rows, TestContext.Current.CancellationToken);
        foreach (var (webhook, left) in ids.Zip((int[])[0, 1]))
        {
            Assert.Equal(left, (await user.GetJsonAsync($"/api/v1/webhooks/{webhook}/deliveries"))
                .GetProperty("items").GetArrayLength());
        }
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.0.1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.8.8.8", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.19.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2001:0:a00:1::", false)]
    [InlineData("2002:a00:1::", false)]
    public void Addresses_are_public_or_not(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));

    // The example of Standard Webhooks' reference libraries.
    [Fact]
    public void The_signature_is_the_standards() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSecret.Sign(
            WebhookSecret.TryRead("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
            """{"test": 2432232314}"""));
}
