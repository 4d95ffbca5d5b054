using System.Net;
using System.Text;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Submissions;

public sealed class MakingASubmissionPrivateTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_results_leave_the_board_with_it_and_come_back()
    {
        await api.CreateBenchmarkAsync("hide");
        using var user = await api.CreateUserAsync("hide");
        var evaluation = await api.MeasureAsync("hide", "m", "1100", user);
        var id = await api.ScalarAsync<Guid>(
            "select submission_id from evaluations where id = @evaluation", new { evaluation });

        var hidden = await ChangeAsync(user, id, "private");
        Assert.Equal("private", hidden.GetProperty("visibility").GetString());
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/submissions/{id}", null, 404, "submission_unknown");
        Assert.Equal(0, await RowsAsync());

        Assert.Equal("public", (await ChangeAsync(user, id, "public")).GetProperty("visibility").GetString());
        await api.Anonymous.GetJsonAsync($"/api/v1/submissions/{id}");
        Assert.Equal(1, await RowsAsync());

        async Task<int> RowsAsync() => (await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/hide/leaderboard"))
            .GetProperty("entries").GetArrayLength();
    }

    [Theory]
    [InlineData("""{"visibility":"secret"}""", 400, "validation_failed")]
    [InlineData("""{"visibility":null}""", 400, "validation_failed")]
    [InlineData("""{"visibility":"public","model_name":"x"}""", 400, "validation_failed")]
    [InlineData("{}", 400, "validation_failed")]
    [InlineData("{", 400, "json_malformed")]
    public async Task A_bad_change_is_refused(string json, int status, string code)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await api.Admin.PatchAsync($"/api/v1/submissions/{Guid.NewGuid()}", content, Token);
        await response.ShouldBeProblemAsync(status, code);
    }

    [Fact]
    public async Task Submitter_and_admins_may_and_nobody_else()
    {
        await api.CreateBenchmarkAsync("hide-other");
        using var user = await api.CreateUserAsync("hide-owner");
        using var other = await api.CreateUserAsync("hide-other");
        var id = (await ApiFactory.SubmitAsync(user, Samples.Submission("hide-other"))).GetProperty("id").GetGuid();
        using var refused = await other.PatchAsync($"/api/v1/submissions/{id}", Samples.Json(new { visibility = "private" }), Token);
        await refused.ShouldBeProblemAsync(403, "owner_required");
        await ChangeAsync(api.Admin, id, "private");
        using var unseen = await other.PatchAsync($"/api/v1/submissions/{id}", Samples.Json(new { visibility = "public" }), Token);
        await unseen.ShouldBeProblemAsync(404, "submission_unknown");
    }

    private static async Task<JsonElement> ChangeAsync(HttpClient user, Guid id, string visibility)
    {
        using var response = await user.PatchAsync($"/api/v1/submissions/{id}", Samples.Json(new { visibility }), Token);
        return await response.ReadAsync(HttpStatusCode.OK);
    }
}
