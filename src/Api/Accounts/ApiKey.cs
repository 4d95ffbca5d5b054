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

    /// <summary>The beginning by which its owner tells a key from others: 36 of its 256 bits.</summary>
    public static string Beginning(string key) => key[..(Prefix.Length + 6)];
}

/// <summary>The values of a key's scopes. What <c>read</c> allows, every key does.</summary>
internal static class Scopes
{
    public const string Read = "read";
    public const string Submit = "submit";
    public const string Admin = "admin";

    /// <summary>One of both: what an owner may do with their own, and an admin with anybody's.</summary>
    public const string SubmitOrAdmin = "submit|admin";

    public static readonly IReadOnlyList<string> All = [Read, Submit, Admin];
}
