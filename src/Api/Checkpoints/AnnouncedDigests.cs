using System.Security.Cryptography;
using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Checkpoints;

/// <summary>
/// What the fields <c>Repr-Digest</c> and <c>Content-Digest</c> of RFC 9530 say of a body, which is the same where the
/// body has no coding. Algorithms other than <c>sha-256</c> and <c>sha-512</c> are ignored, as the RFC asks.
/// </summary>
internal sealed class AnnouncedDigests
{
    private readonly List<string> sha256 = [];
    private readonly List<string> sha512 = [];

    private AnnouncedDigests()
    {
    }

    /// <summary>The announced SHA-256 in lower-case hexadecimal; null where none is.</summary>
    public string? Sha256 => sha256.FirstOrDefault();

    public bool NeedsSha512 => sha512.Count > 0;

    public static AnnouncedDigests Of(IHeaderDictionary headers)
    {
        var announced = new AnnouncedDigests();
        foreach (var field in (string[])["Repr-Digest", "Content-Digest"])
        {
            var members = string.Join(',', headers[field].AsEnumerable())
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(member => Read(field, member))
                .ToLookup(member => member.Algorithm, member => member.Digest, StringComparer.OrdinalIgnoreCase);
            announced.sha256.AddRange(Decode(field, "sha-256", members["sha-256"], SHA256.HashSizeInBytes));
            announced.sha512.AddRange(Decode(field, "sha-512", members["sha-512"], SHA512.HashSizeInBytes));
        }
        return announced;
    }

    /// <summary>Refuses a body that is not the announced one.</summary>
    /// <param name="actual256">Its SHA-256 in lower-case hexadecimal.</param>
    /// <param name="actual512">Its SHA-512; null where none is announced.</param>
    public void Check(string actual256, string? actual512)
    {
        Check("SHA-256", sha256, actual256);
        Check("SHA-512", sha512, actual512);
    }

    private static void Check(string algorithm, IEnumerable<string> announced, string? actual)
    {
        if (announced.FirstOrDefault(digest => digest != actual) is { } other)
        {
            throw Problems.DigestMismatch.Because($"The body's {algorithm} is {actual}, announced was {other}.");
        }
    }

    private static (string Algorithm, string Digest) Read(string field, string member) =>
        member.Split('=', 2) is [{ Length: > 0 } algorithm, [':', .. var digest, ':']]
            ? (algorithm, digest)
            : throw Malformed(field);

    private static IEnumerable<string> Decode(string field, string algorithm, IEnumerable<string> digests, int size)
    {
        var bytes = new byte[size + 3];
        return digests.ToArray() switch
        {
            [] => [],
            [var digest] when Convert.TryFromBase64String(digest, bytes, out var length) && length == size =>
                [Convert.ToHexStringLower(bytes.AsSpan(0, size))],
            _ => throw Malformed(field, $"; {algorithm} has {size} bytes"),
        };
    }

    private static RefusedException Malformed(string field, string more = "") => Problems.DigestMalformed.Because(
        $"Write it as '{field}: sha-256=:<base64 of the digest>:', each algorithm once{more}.");
}
