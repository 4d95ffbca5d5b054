using System.Net;

namespace Leaderboard.Api.Tests;

public sealed class WhenTheServerFailsTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_failure_is_a_problem_that_tells_no_secrets()
    {
        await api.ExecuteAsync("alter table submissions rename to lost");
        var problem = await api.Anonymous.ShouldRefuseAsync("/api/v1/submissions", null, 500, "internal_error");
        Assert.DoesNotContain("relation", problem.GetProperty("detail").GetString());
        await api.Anonymous.GetJsonAsync("/healthz", HttpStatusCode.OK);
    }
}
