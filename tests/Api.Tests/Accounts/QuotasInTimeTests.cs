namespace Leaderboard.Api.Tests.Accounts;

/// <summary>Quotas as time goes by.</summary>
public sealed class QuotasInTimeTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task After_a_day_a_submission_counts_no_more()
    {
        await api.CreateBenchmarkAsync("day");
        using var user = await api.CreateUserAsync("day");
        await api.SetAsync("day", new { submissions_per_day = 1 });
        await ApiFactory.SubmitAsync(user, Samples.Submission("day"));
        api.Clock.Advance(TimeSpan.FromHours(23));
        await user.ShouldRefuseAsync(
            "/api/v1/submissions", Samples.Form(Samples.Submission("day"), Samples.Checkpoint()), 429, "quota_exceeded");
        api.Clock.Advance(TimeSpan.FromHours(1));
        await ApiFactory.SubmitAsync(user, Samples.Submission("day"));
    }
}
