using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Evaluations;

public sealed class CancellingAnEvaluationTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("queued")]
    [InlineData("running")]
    public async Task What_waits_or_runs_is_cancelled_and_cancelling_again_changes_nothing(string state)
    {
        var (user, id) = await SubmitAsync($"cancel-{state}");
        await api.ExecuteAsync(
            """
            update evaluations set state = @state, worker = 'w1', attempts = 1, lease_expires_at = now() + interval '20 s'
            where id = @id
            """,
            new { id, state });
        var cancelled = await CancelAsync(user, id);
        Assert.Equal("cancelled", cancelled.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, cancelled.GetProperty("queue_position").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, cancelled.GetProperty("finished_at").ValueKind);
        // What the worker sees at its next renewal: the row is no longer its own.
        Assert.True(await api.ScalarAsync<bool>(
            "select worker is null and lease_expires_at is null from evaluations where id = @id", new { id }));

        var again = await CancelAsync(user, id);
        Assert.Equal(cancelled.GetProperty("finished_at").GetString(), again.GetProperty("finished_at").GetString());
        Assert.Equal(
            state == "queued" ? "queued cancelled" : "queued running cancelled",
            await api.ScalarAsync<string>(
                "select string_agg(state, ' ' order by ordinal) from evaluation_states where evaluation_id = @id", new { id }));
    }

    [Fact]
    public async Task What_has_ended_is_not_cancelled()
    {
        var (user, id) = await SubmitAsync("cancel-late");
        await api.RecordScoreAsync(id, ("a.jpg", 0, 0));
        using var late = await user.PostAsync($"/api/v1/evaluations/{id}/cancel", null, Token);
        await late.ShouldBeProblemAsync(409, "evaluation_finished");
        Assert.Single((await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/cancel-late/leaderboard"))
            .GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task Submitter_and_admins_may_and_nobody_else()
    {
        var (user, id) = await SubmitAsync("cancel-other", isPrivate: false);
        var (_, hidden) = await SubmitAsync("cancel-hidden", isPrivate: true);
        using var other = await api.CreateUserAsync("cancel-stranger");
        using var onlyAdmin = await api.CreateUserAsync("cancel-admin", "admin");
        using var anonymous = await api.Anonymous.PostAsync($"/api/v1/evaluations/{id}/cancel", null, Token);
        await anonymous.ShouldBeProblemAsync(401, "unauthenticated");
        using var stranger = await other.PostAsync($"/api/v1/evaluations/{id}/cancel", null, Token);
        await stranger.ShouldBeProblemAsync(403, "owner_required");
        using var unseen = await other.PostAsync($"/api/v1/evaluations/{hidden}/cancel", null, Token);
        await unseen.ShouldBeProblemAsync(404, "evaluation_unknown");
        using var unknown = await other.PostAsync($"/api/v1/evaluations/{Guid.NewGuid()}/cancel", null, Token);
        await unknown.ShouldBeProblemAsync(404, "evaluation_unknown");
        Assert.Equal("cancelled", (await CancelAsync(onlyAdmin, id)).GetProperty("state").GetString());
        Assert.Equal("cancelled", (await CancelAsync(user, id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Realms_are_cancelled_with_their_whole_and_never_alone()
    {
        var (user, id) = await SubmitAsync("cancel-realms");
        await api.ExecuteAsync(
            """
            update evaluations set has_realms = true, state = 'running' where id = @id;
            insert into evaluations (submission_id, benchmark_id, parent_id, realm, realm_ordinal, state)
            select submission_id, benchmark_id, id, 'realm' || n, n, (array['queued', 'running', 'succeeded'])[n + 1]
            from evaluations, generate_series(0, 2) n where id = @id
            """,
            new { id });
        var part = await api.ScalarAsync<Guid>(
            "select id from evaluations where parent_id = @id and realm_ordinal = 0", new { id });
        foreach (var verb in (string[])["cancel", "rerun"])
        {
            using var alone = await user.PostAsync($"/api/v1/evaluations/{part}/{verb}", null, Token);
            await alone.ShouldBeProblemAsync(409, "evaluation_is_part");
        }
        var whole = await CancelAsync(user, id);
        Assert.Equal("cancelled", whole.GetProperty("state").GetString());
        Assert.Equal(
            ["cancelled", "cancelled", "succeeded"],
            whole.GetProperty("realms").EnumerateArray().Select(realm => realm.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Of_cancelling_and_finishing_at_once_exactly_one_happens()
    {
        var (user, _) = await SubmitAsync("cancel-race");
        for (var round = 0; round < 20; round++)
        {
            var submission = await ApiFactory.SubmitAsync(user, Samples.Submission("cancel-race", $"m{round}"));
            var id = submission.GetProperty("evaluations")[0].GetProperty("id").GetGuid();
            await api.ExecuteAsync("update evaluations set state = 'running', attempts = 1 where id = @id", new { id });
            var cancelling = user.PostAsync($"/api/v1/evaluations/{id}/cancel", null, Token);
            var finishing = api.ScalarAsync<Guid?>(
                """
                update evaluations set state = 'succeeded', finished_at = now()
                where id = @id and state = 'running' and attempts = 1 returning id
                """,
                new { id });
            using var cancelled = await cancelling;
            Assert.Equal(
                await finishing is null ? HttpStatusCode.OK : HttpStatusCode.Conflict, cancelled.StatusCode);
        }
    }

    private async Task<(HttpClient User, Guid Evaluation)> SubmitAsync(string name, bool isPrivate = false)
    {
        await api.CreateBenchmarkAsync(name);
        var user = await api.CreateUserAsync(name);
        var submission = Samples.Submission(name);
        submission["visibility"] = isPrivate ? "private" : "public";
        return (user, (await ApiFactory.SubmitAsync(user, submission)).GetProperty("evaluations")[0].GetProperty("id").GetGuid());
    }

    private static async Task<JsonElement> CancelAsync(HttpClient user, Guid id)
    {
        using var response = await user.PostAsync($"/api/v1/evaluations/{id}/cancel", null, Token);
        return await response.ReadAsync(HttpStatusCode.OK);
    }
}
