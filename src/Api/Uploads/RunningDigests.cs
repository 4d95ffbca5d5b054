using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;

namespace Leaderboard.Api.Uploads;

/// <summary>
/// SHA-256 of uploads under way, up to the last byte that came, kept from one request to the next. A server that was
/// restarted, or another replica, has none, and reads the file once when it is whole.
/// </summary>
internal sealed class RunningDigests : IDisposable
{
    private static readonly TimeSpan Unused = TimeSpan.FromHours(1);

    private readonly MemoryCache kept = new(new MemoryCacheOptions());

    /// <summary>The digest of an upload's first bytes; null where it is not known.</summary>
    public RunningDigest? Take(Guid id, long position)
    {
        if (position == 0)
        {
            return new RunningDigest(IncrementalHash.CreateHash(HashAlgorithmName.SHA256), 0);
        }
        if (!kept.TryGetValue<RunningDigest>(id, out var digest))
        {
            return null;
        }
        kept.Remove(id);
        return digest!.Position == position ? digest : null;
    }

    public void Keep(Guid id, RunningDigest digest) =>
        kept.Set(id, digest, new MemoryCacheEntryOptions { SlidingExpiration = Unused });

    public void Dispose() => kept.Dispose();
}

/// <summary>A digest that goes on.</summary>
internal sealed record RunningDigest(IncrementalHash Hash, long Position)
{
    public long Position { get; private set; } = Position;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Hash.AppendData(bytes);
        Position += bytes.Length;
    }
}
