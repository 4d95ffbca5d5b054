using System.Net;

namespace Leaderboard.Api.Tests;

public sealed class RepeatingARequestTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_key_and_body_make_one_submission()
    {
        await api.CreateBenchmarkAsync("repeat");
        using var user = await api.CreateUserAsync("repeat");
        var checkpoint = Samples.Checkpoint();
        using var first = await SendAsync(user, "key-1", "repeat", "m", checkpoint);
        using var second = await SendAsync(user, "key-1", "repeat", "m", checkpoint);
        var id = (await first.ReadAsync(HttpStatusCode.Accepted)).GetProperty("id").GetGuid();
        Assert.Equal(id, (await second.ReadAsync(HttpStatusCode.Accepted)).GetProperty("id").GetGuid());

        using var otherBody = await SendAsync(user, "key-1", "repeat", "another", checkpoint);
        await otherBody.ShouldBeProblemAsync(422, "idempotency_key_reused");
        using var otherFile = await SendAsync(user, "key-1", "repeat", "m", Samples.Checkpoint());
        await otherFile.ShouldBeProblemAsync(422, "idempotency_key_reused");
        using var unreadable = await SendAsync(user, "two words", "repeat", "m", checkpoint);
        await unreadable.ShouldBeProblemAsync(400, "request_malformed");
        Assert.Equal(1, await CountAsync("repeat"));
    }

    [Fact]
    public async Task Racing_requests_with_one_key_make_one_submission()
    {
        await api.CreateBenchmarkAsync("race");
        using var user = await api.CreateUserAsync("race");
        var checkpoint = Samples.Checkpoint(2_000_000, seed: -3);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => SendAsync(user, "key-2", "race", "m", checkpoint)));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Accepted);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Accepted))
        {
            await answer.ShouldBeProblemAsync(409, "idempotency_key_in_flight");
        }
        Assert.Equal(1, await CountAsync("race"));
    }

    [Fact]
    public async Task A_key_is_free_again_after_a_refusal_and_after_its_holder_died()
    {
        await api.CreateBenchmarkAsync("free");
        using var user = await api.CreateUserAsync("free");
        using var refused = await SendAsync(user, "key-3", "free", "m", []);
        await refused.ShouldBeProblemAsync(422, "checkpoint_empty");
        await api.ExecuteAsync("""
            insert into idempotency_keys (user_id, key, holder, held_until)
            select id, 'key-4', gen_random_uuid(), now() + interval '1 hour' from users where name = 'free'
            """);
        using var held = await SendAsync(user, "key-4", "free", "m", Samples.Checkpoint());
        await held.ShouldBeProblemAsync(409, "idempotency_key_in_flight");
        await api.ExecuteAsync("update idempotency_keys set held_until = now() - interval '1 second' where key = 'key-4'");
        foreach (var key in (string[])["key-3", "key-4"])
        {
            using var accepted = await SendAsync(user, key, "free", "m", Samples.Checkpoint());
            await accepted.ReadAsync(HttpStatusCode.Accepted);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient user, string key, string benchmark, string model, byte[] checkpoint)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/submissions")
        {
            Content = Samples.Form(Samples.Submission(benchmark, model), checkpoint),
        };
        request.Headers.Add("Idempotency-Key", key);
        return await user.SendAsync(request, Token);
    }

    private Task<int> CountAsync(string user) => api.ScalarAsync<int>(
        "select count(*) from submissions s join users u on u.id = s.user_id where u.name = @user", new { user });
}
