using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Leaderboard.Api.Tests.Checkpoints;

/// <summary>What is removed by and by.</summary>
public sealed class LeftoversTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly ApiFactory api;

    public LeftoversTests() => api = new ApiFactory(time);

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Answers_for_a_repeated_request_are_kept_for_two_days()
    {
        await SendAsync("old");
        await SendAsync("young");
        await api.ExecuteAsync("update idempotency_keys set held_until = held_until - interval '47 hours' where key = 'old'");
        await Poll.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromMinutes(20));
            return await CountAsync("old") == 0;
        });
        Assert.Equal(1, await CountAsync("young"));
    }

    [Fact]
    public async Task A_checkpoint_that_a_server_died_before_removing_is_removed()
    {
        var (orphan, kept) = (Samples.Checkpoint(), Samples.Checkpoint());
        foreach (var file in (byte[][])[orphan, kept])
        {
            await api.Admin.PostJsonAsync("/api/v1/checkpoints", Samples.File(file), HttpStatusCode.Created);
        }
        await api.ExecuteAsync(
            "delete from checkpoint_owners where checkpoint_sha256 = @sha256", new { sha256 = Samples.Sha256Of(orphan) });
        await Poll.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(20));
            return !api.StoredFiles().Any(path => path.EndsWith(Samples.Sha256Of(orphan), StringComparison.Ordinal));
        });
        Assert.Contains(api.StoredFiles(), path => path.EndsWith(Samples.Sha256Of(kept), StringComparison.Ordinal));
    }

    private async Task SendAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/checkpoints")
        {
            Content = Samples.File(Samples.Checkpoint()),
            Headers = { { "Idempotency-Key", key } },
        };
        using var response = await api.Admin.SendAsync(request, TestContext.Current.CancellationToken);
        await response.ReadAsync(HttpStatusCode.Created);
    }

    private Task<int> CountAsync(string key) =>
        api.ScalarAsync<int>("select count(*) from idempotency_keys where key = @key", new { key });
}
