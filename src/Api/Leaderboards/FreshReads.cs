namespace Leaderboard.Api.Leaderboards;

/// <summary>
/// Reads that many ask for at once: one at a time, and for all who ask meanwhile one more, which begins after they asked.
/// So nobody gets what was read before they asked, and a thousand readers cost no more than one after another.
/// </summary>
internal sealed class FreshReads<T>
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Round> running = [];

    /// <param name="key">Names what is read; the same for all whom one reading serves.</param>
    public Task<T> ReadAsync(string key, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        Round mine;
        lock (gate)
        {
            if (running.TryGetValue(key, out var round))
            {
                mine = round.Next ??= new Round();
            }
            else
            {
                running[key] = mine = new Round();
                _ = RunAsync(key, mine, read);
            }
        }
        return mine.Answer.Task.WaitAsync(cancellationToken);
    }

    private async Task RunAsync(string key, Round round, Func<Task<T>> read)
    {
        // Begun elsewhere: whoever asks holds the lock.
        var reading = Task.Run(read);
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            if (round.Next is { } next)
            {
                running[key] = next;
                _ = RunAsync(key, next, read);
            }
            else
            {
                running.Remove(key);
            }
        }
        round.Answer.SetFromTask(reading);
    }

    private sealed class Round
    {
        public TaskCompletionSource<T> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Round? Next { get; set; }
    }
}
