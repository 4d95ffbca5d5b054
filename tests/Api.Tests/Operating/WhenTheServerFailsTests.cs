using System.Net;

namespace Leaderboard.Api.Tests.Operating;

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

    [Fact]
    public async Task Health_is_told_to_a_key_that_the_database_cannot_look_up()
    {
        await api.BeatAsync();
        foreach (var client in (HttpClient[])[api.Admin, api.Anonymous])
        {
            await client.GetJsonAsync("/readyz", HttpStatusCode.OK);
        }
        await api.ExecuteAsync("alter table api_keys rename to lost_keys");
        await api.Admin.GetJsonAsync("/readyz", HttpStatusCode.OK);
        await api.Admin.GetJsonAsync("/healthz", HttpStatusCode.OK);
        await api.ExecuteAsync("alter table lost_keys rename to api_keys");
    }
}
