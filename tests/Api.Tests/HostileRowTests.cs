using Npgsql;

namespace Leaderboard.Api.Tests;

public sealed class HostileRowTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly (string Progress, string Check)[] Hostile =
    [
        ("images_per_second = 'infinity'", "evaluations_images_per_second_check"),
        ("images_per_second = 'nan'", "evaluations_images_per_second_check"),
        ("images_per_second = -1", "evaluations_images_per_second_check"),
        ("done = -1", "evaluations_done_check"),
        ("done = 3, total = 2", "evaluations_done_check"),
    ];

    [Fact]
    public async Task Progress_that_makes_no_sense_is_not_stored_and_would_break_no_list()
    {
        await api.CreateBenchmarkAsync("hostile");
        var submission = await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("hostile"));
        foreach (var (progress, check) in Hostile)
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => SetAsync(progress));
            Assert.Equal(check, refused.ConstraintName);
        }
        foreach (var (progress, check) in Hostile)
        {
            await api.ExecuteAsync($"alter table evaluations drop constraint if exists {check}");
            await SetAsync(progress);
            await api.Anonymous.GetJsonAsync("/api/v1/submissions");
        }

        Task SetAsync(string progress) => api.ExecuteAsync(
            $"update evaluations set state = 'running', {progress} where submission_id = @id",
            new { id = submission.GetProperty("id").GetGuid() });
    }
}
