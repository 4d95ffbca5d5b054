namespace Leaderboard.Api.Tests;

/// <summary>Waits for a state.</summary>
internal static class Poll
{
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; !await condition(); attempt++)
        {
            Assert.True(attempt < 400, "It did not come about within 20 seconds.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
