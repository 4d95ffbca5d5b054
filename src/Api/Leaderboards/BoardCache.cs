using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Leaderboard.Api.Leaderboards;

/// <summary>
/// What was read of boards. Every key names the revision that it was read at, so that nothing here is ever stale; what
/// no longer fits goes, and what many ask for at once is read once.
/// </summary>
internal sealed class BoardCache(IOptions<BoardOptions> options) : IDisposable
{
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = options.Value.CacheBytes });
    private readonly ConcurrentDictionary<string, Lazy<Task<object>>> inReading = new();

    public T? Find<T>(string key)
        where T : class => kept.Get<T>(key);

    /// <param name="bytes">About how much memory it takes.</param>
    public void Keep(string key, object value, long bytes) =>
        kept.Set(key, value, new MemoryCacheEntryOptions { Size = bytes, SlidingExpiration = Unused });

    /// <summary>
    /// What is kept under the key, or else read, by one of those who ask. The reading goes on when that one goes away.
    /// </summary>
    public async Task<T> GetAsync<T>(
        string key, Func<Task<T>> read, Func<T, long> bytes, CancellationToken cancellationToken)
        where T : class
    {
        if (Find<T>(key) is { } found)
        {
            return found;
        }
        var reading = inReading.GetOrAdd(key, _ => new Lazy<Task<object>>(ReadAsync));
        return (T)await reading.Value.WaitAsync(cancellationToken);

        async Task<object> ReadAsync()
        {
            try
            {
                var value = await read();
                Keep(key, value, bytes(value));
                return value;
            }
            finally
            {
                inReading.TryRemove(key, out _);
            }
        }
    }

    public void Dispose() => kept.Dispose();
}
