using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Submissions;

public sealed class DeletingASubmissionTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_shown_nowhere_any_more_and_the_board_as_it_stood_keeps_it()
    {
        await api.CreateBenchmarkAsync("delete");
        using var user = await api.CreateUserAsync("delete");
        var evaluation = await api.MeasureAsync("delete", "m", "1100", user);
        await api.CreateBenchmarkAsync("delete-not");
        var other = await api.MeasureAsync("delete-not", "m", "1100", user);
        var id = await api.ScalarAsync<Guid>(
            "select submission_id from evaluations where id = @evaluation", new { evaluation });
        var before = await api.ScalarAsync<string>("select to_char(now() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        await DeleteAsync(user, id, HttpStatusCode.NoContent);

        foreach (var reader in (HttpClient[])[user, api.Admin, api.Anonymous])
        {
            await reader.ShouldRefuseAsync($"/api/v1/submissions/{id}", null, 404, "submission_unknown");
            await reader.ShouldRefuseAsync($"/api/v1/evaluations/{evaluation}", null, 404, "evaluation_unknown");
            await reader.ShouldRefuseAsync($"/api/v1/evaluations/{evaluation}/predictions", null, 404, "evaluation_unknown");
            await reader.ShouldRefuseAsync($"/api/v1/compare?a={evaluation}&b={other}", null, 404, "evaluation_unknown");
            Assert.Empty(Items(await reader.GetJsonAsync("/api/v1/submissions?benchmark=delete")));
        }
        Assert.Empty(Entries(await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/delete/leaderboard")));
        Assert.Single(Entries(await api.Anonymous.GetJsonAsync($"/api/v1/benchmarks/delete/leaderboard?as_of={before}")));
        using var again = await user.DeleteAsync($"/api/v1/submissions/{id}", Token);
        await again.ShouldBeProblemAsync(404, "submission_unknown");
        using var rerun = await user.PostAsync($"/api/v1/evaluations/{evaluation}/rerun", null, Token);
        await rerun.ShouldBeProblemAsync(404, "evaluation_unknown");
    }

    [Fact]
    public async Task What_runs_of_it_is_cancelled()
    {
        await api.CreateBenchmarkAsync("delete-running");
        var submission = await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("delete-running"));
        var id = submission.GetProperty("id").GetGuid();
        await api.ExecuteAsync("update evaluations set state = 'running' where submission_id = @id", new { id });
        await DeleteAsync(api.Admin, id, HttpStatusCode.NoContent);
        Assert.Equal("cancelled", await api.ScalarAsync<string>(
            "select state from evaluations where submission_id = @id", new { id }));
    }

    [Fact]
    public async Task Its_checkpoint_is_removed_with_the_last_that_needs_it_and_may_come_again()
    {
        await api.CreateBenchmarkAsync("delete-file");
        using var first = await api.CreateUserAsync("delete-first");
        using var second = await api.CreateUserAsync("delete-second");
        var file = Samples.Checkpoint();
        var ids = new List<(HttpClient Owner, Guid Id)>();
        foreach (var owner in (HttpClient[])[first, first, second])
        {
            var submission = await ApiFactory.SubmitAsync(owner, Samples.Submission("delete-file", $"m{ids.Count}"), file);
            ids.Add((owner, submission.GetProperty("id").GetGuid()));
        }
        foreach (var (owner, id) in ids)
        {
            Assert.Contains(api.StoredFiles(), path => path.EndsWith(Samples.Sha256Of(file), StringComparison.Ordinal));
            await DeleteAsync(owner, id, HttpStatusCode.NoContent);
        }
        Assert.DoesNotContain(api.StoredFiles(), path => path.EndsWith(Samples.Sha256Of(file), StringComparison.Ordinal));

        using var form = Samples.Json(new
        {
            model_name = "named",
            benchmarks = (string[])["delete-file"],
            checkpoint = Samples.Sha256Of(file),
        });
        await first.ShouldRefuseAsync("/api/v1/submissions", form, 404, "checkpoint_unknown");

        var renewed = await ApiFactory.SubmitAsync(first, Samples.Submission("delete-file", "again"), file);
        Assert.Contains(api.StoredFiles(), path => path.EndsWith(Samples.Sha256Of(file), StringComparison.Ordinal));
        var checkpoint = await first.GetJsonAsync($"/api/v1/checkpoints/{renewed.GetProperty("checkpoint")}");
        Assert.Equal("pending", checkpoint.GetProperty("inspection").GetString());
    }

    [Fact]
    public async Task Deleting_and_handing_in_the_same_bytes_at_once_never_loses_the_file()
    {
        await api.CreateBenchmarkAsync("delete-race");
        for (var round = 0; round < 15; round++)
        {
            var file = Samples.Checkpoint();
            var old = await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("delete-race", $"old{round}"), file);
            var deleting = DeleteAsync(api.Admin, old.GetProperty("id").GetGuid(), HttpStatusCode.NoContent);
            var renewed = ApiFactory.SubmitAsync(api.Admin, Samples.Submission("delete-race", $"new{round}"), file);
            await deleting;
            await renewed;
            Assert.Contains(api.StoredFiles(), path => path.EndsWith(Samples.Sha256Of(file), StringComparison.Ordinal));
            Assert.True(await api.ScalarAsync<bool>(
                "select removed_at is null from checkpoints where sha256 = @sha256", new { sha256 = Samples.Sha256Of(file) }));
        }
    }

    [Fact]
    public async Task Submitter_and_admins_may_and_nobody_else()
    {
        await api.CreateBenchmarkAsync("delete-other");
        var submission = await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("delete-other"));
        using var other = await api.CreateUserAsync("delete-other");
        using var refused = await other.DeleteAsync($"/api/v1/submissions/{submission.GetProperty("id")}", Token);
        await refused.ShouldBeProblemAsync(403, "owner_required");
        using var anonymous = await api.Anonymous.DeleteAsync($"/api/v1/submissions/{submission.GetProperty("id")}", Token);
        await anonymous.ShouldBeProblemAsync(401, "unauthenticated");
        using var unknown = await other.DeleteAsync($"/api/v1/submissions/{Guid.NewGuid()}", Token);
        await unknown.ShouldBeProblemAsync(404, "submission_unknown");
    }

    private static async Task DeleteAsync(HttpClient user, Guid id, HttpStatusCode expected)
    {
        using var response = await user.DeleteAsync($"/api/v1/submissions/{id}", Token);
        Assert.True(response.StatusCode == expected, await response.Content.ReadAsStringAsync(Token));
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement page) => page.GetProperty("items").EnumerateArray();

    private static JsonElement.ArrayEnumerator Entries(JsonElement board) => board.GetProperty("entries").EnumerateArray();
}
