using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Leaderboard.Api.Accounts;

/// <summary>
/// An API key: 32 random bytes behind a prefix that tells people, and scanners of leaked secrets, what it is.
/// </summary>
internal static class ApiKey
{
    public const string Prefix = "lb_";

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the database keeps. A key has 256 random bits, so it needs neither salt nor stretching.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>The values of a key's scopes.</summary>
internal static class Scopes
{
    public const string Submit = "submit";
    public const string Admin = "admin";

    /// <summary>One of both: what an owner may do with their own, and an admin with anybody's.</summary>
    public const string SubmitOrAdmin = "submit|admin";
}
