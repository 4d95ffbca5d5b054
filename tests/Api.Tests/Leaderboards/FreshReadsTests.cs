using Leaderboard.Api.Leaderboards;

namespace Leaderboard.Api.Tests.Leaderboards;

public sealed class FreshReadsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_during_a_read_gets_one_that_begins_later_and_shares_it()
    {
        var reads = new FreshReads<int>();
        var begun = 0;
        var gates = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        var first = reads.ReadAsync("a", ReadAsync, Token);
        var later = Enumerable.Range(0, 20).Select(_ => reads.ReadAsync("a", ReadAsync, Token)).ToList();
        var other = reads.ReadAsync("b", () => Task.FromResult(7), Token);
        Assert.Equal(7, await other);
        gates[0].SetResult();
        Assert.Equal(1, await first);
        Assert.All(later, read => Assert.False(read.IsCompleted));
        gates[1].SetResult();
        Assert.All(await Task.WhenAll(later), answer => Assert.Equal(2, answer));
        Assert.Equal(2, begun);

        async Task<int> ReadAsync()
        {
            var mine = Interlocked.Increment(ref begun);
            await gates[mine - 1].Task;
            return mine;
        }
    }

    [Fact]
    public async Task A_read_that_fails_fails_those_who_share_it_and_no_other()
    {
        var reads = new FreshReads<int>();
        var begun = 0;
        var gate = new TaskCompletionSource();
        var first = reads.ReadAsync("a", ReadAsync, Token);
        var second = reads.ReadAsync("a", ReadAsync, Token);
        gate.SetResult();
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        Assert.Equal(2, await second);
        Assert.Equal(3, await reads.ReadAsync("a", ReadAsync, Token));

        async Task<int> ReadAsync()
        {
            var mine = Interlocked.Increment(ref begun);
            await gate.Task;
            return mine == 1 ? throw new TimeoutException() : mine;
        }
    }

    [Fact]
    public async Task Who_goes_away_leaves_the_read_to_the_others()
    {
        var reads = new FreshReads<int>();
        var gate = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        var left = reads.ReadAsync("a", WaitAsync, leaving.Token);
        var stayed = reads.ReadAsync("a", WaitAsync, Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.SetResult();
        Assert.Equal(5, await stayed);

        async Task<int> WaitAsync()
        {
            await gate.Task;
            return 5;
        }
    }
}
