using System.Net;

namespace Leaderboard.Api.Tests.Submissions;

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
    public async Task A_repeated_request_gets_the_first_answer_whatever_its_parts_look_like()
    {
        await api.CreateBenchmarkAsync("again");
        using var user = await api.CreateUserAsync("again");
        var checkpoint = Samples.Checkpoint();
        using var first = await SendAsync(user, "key-again", "again", "m", checkpoint);
        var answer = await first.Content.ReadAsStringAsync(Token);
        // Its evaluation goes on, and the answer stays.
        await api.ExecuteAsync("""
            update evaluations set state = 'cancelled', finished_at = now()
            where submission_id in (select s.id from submissions s join users u on u.id = s.user_id where u.name = 'again')
            """);
        using var reordered = new MultipartFormDataContent("another-boundary")
        {
            { Samples.File(checkpoint), "checkpoint", "other.name" },
            { Samples.Json(Samples.Submission("again", "m")), "submission" },
        };
        using var second = await SendAsync(user, "key-again", "/api/v1/submissions", reordered);
        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.Equal(answer, await second.Content.ReadAsStringAsync(Token));
        Assert.Equal(1, await CountAsync("again"));
    }

    [Fact]
    public async Task A_checkpoint_is_answered_again_too()
    {
        using var user = await api.CreateUserAsync("again-checkpoint");
        var checkpoint = Samples.Checkpoint();
        using var first = await SendAsync(user, "key-file", "/api/v1/checkpoints", Samples.File(checkpoint));
        var answer = await first.Content.ReadAsStringAsync(Token);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        await api.ExecuteAsync("update checkpoints set inspection = 'failed' where sha256 = @sha256",
            new { sha256 = Samples.Sha256Of(checkpoint) });
        using var second = await SendAsync(user, "key-file", "/api/v1/checkpoints", Samples.File(checkpoint));
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(answer, await second.Content.ReadAsStringAsync(Token));

        using var other = await SendAsync(user, "key-file", "/api/v1/checkpoints", Samples.File(Samples.Checkpoint()));
        await other.ShouldBeProblemAsync(422, "idempotency_key_reused");
        await api.CreateBenchmarkAsync("again-checkpoint");
        using var elsewhere = await SendAsync(user, "key-file", "again-checkpoint", "m", checkpoint);
        await elsewhere.ShouldBeProblemAsync(422, "idempotency_key_reused");
        // The key is its user's alone.
        using var stranger = await api.CreateUserAsync("again-stranger");
        using var theirs = await SendAsync(stranger, "key-file", "/api/v1/checkpoints", Samples.File(Samples.Checkpoint()));
        Assert.Equal(HttpStatusCode.Created, theirs.StatusCode);
    }

    [Fact]
    public async Task A_server_that_died_before_it_answered_leaves_the_submission_to_be_answered()
    {
        await api.CreateBenchmarkAsync("unanswered");
        using var user = await api.CreateUserAsync("unanswered");
        var checkpoint = Samples.Checkpoint();
        using var first = await SendAsync(user, "key-unanswered", "unanswered", "m", checkpoint);
        var id = (await first.ReadAsync(HttpStatusCode.Accepted)).GetProperty("id").GetGuid();
        await api.ExecuteAsync(
            "update idempotency_keys set status = null, location = null, answer = null where key = 'key-unanswered'");
        using var second = await SendAsync(user, "key-unanswered", "unanswered", "m", checkpoint);
        Assert.Equal(id, (await second.ReadAsync(HttpStatusCode.Accepted)).GetProperty("id").GetGuid());
        Assert.Equal(1, await CountAsync("unanswered"));
    }

    [Fact]
    public async Task What_was_deleted_since_is_not_answered_again()
    {
        await api.CreateBenchmarkAsync("again-deleted");
        using var user = await api.CreateUserAsync("again-deleted");
        var checkpoint = Samples.Checkpoint();
        using var first = await SendAsync(user, "key-deleted", "again-deleted", "m", checkpoint);
        var id = (await first.ReadAsync(HttpStatusCode.Accepted)).GetProperty("id").GetGuid();
        using var deleted = await user.DeleteAsync($"/api/v1/submissions/{id}", Token);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var second = await SendAsync(user, "key-deleted", "again-deleted", "m", checkpoint);
        await second.ShouldBeProblemAsync(404, "submission_unknown");
        Assert.Equal(0, await api.ScalarAsync<int>(
            "select count(*) from idempotency_keys where submission_id = @id and answer is not null", new { id }));
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

    private static Task<HttpResponseMessage> SendAsync(
        HttpClient user, string key, string benchmark, string model, byte[] checkpoint) =>
        SendAsync(user, key, "/api/v1/submissions", Samples.Form(Samples.Submission(benchmark, model), checkpoint));

    private static async Task<HttpResponseMessage> SendAsync(HttpClient user, string key, string address, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.Add("Idempotency-Key", key);
        return await user.SendAsync(request, Token);
    }

    private Task<int> CountAsync(string user) => api.ScalarAsync<int>(
        "select count(*) from submissions s join users u on u.id = s.user_id where u.name = @user", new { user });
}
