using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Checkpoints;

/// <summary>The field <c>Repr-Digest: sha-256=:base64:</c> of RFC 9530.</summary>
internal static class ReprDigest
{
    private const string Member = "sha-256=:";

    /// <summary>The announced SHA-256 in lower-case hexadecimal; null where none is announced.</summary>
    public static string? Sha256Of(HttpRequest request)
    {
        var members = string.Join(',', request.Headers["Repr-Digest"].AsEnumerable())
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var digests = members.Where(member => member.StartsWith(Member, StringComparison.OrdinalIgnoreCase)).ToArray();
        return digests switch
        {
            [] when members.All(IsOtherAlgorithm) => null,
            [var digest] when Decode(digest[Member.Length..]) is { } sha256 => sha256,
            _ => throw Problems.DigestMalformed.Because("Write it as 'Repr-Digest: sha-256=:<base64 of 32 bytes>:', once."),
        };
    }

    private static bool IsOtherAlgorithm(string member) =>
        member.Split('=', 2) is [{ Length: > 0 } name, [':', .., ':']]
        && !name.Equals("sha-256", StringComparison.OrdinalIgnoreCase);

    private static string? Decode(string value)
    {
        var bytes = new byte[64];
        return value is [.. var base64, ':'] && Convert.TryFromBase64String(base64, bytes, out var length) && length == 32
            ? Convert.ToHexStringLower(bytes.AsSpan(0, length))
            : null;
    }
}
