using System.Diagnostics;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>Asks again until a thing has come about in another process.</summary>
internal static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static async Task UntilAsync(string what, TimeSpan within, Func<Task<bool>> condition, Func<string>? otherwise = null)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            Assert.True(watch.Elapsed < within, $"After {within} it is not so that {what}.\n{otherwise?.Invoke()}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
