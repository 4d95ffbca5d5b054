using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Leaderboard.Api.Webhooks;

/// <summary>
/// The secret that receiver and sender share, and the signature made with it, as Standard Webhooks has both
/// (https://www.standardwebhooks.com): libraries of many languages check it.
/// </summary>
internal static class WebhookSecret
{
    public const string Prefix = "whsec_";
    public const int MinBytes = 24;
    public const int MaxBytes = 64;

    public static byte[] Create() => RandomNumberGenerator.GetBytes(32);

    public static string Write(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    /// <summary>The secret's bytes; null where the text is none.</summary>
    public static byte[]? TryRead(string text)
    {
        var bytes = new byte[text.Length];
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var count)
            && count is >= MinBytes and <= MaxBytes
                ? bytes[..count]
                : null;
    }

    /// <summary>HMAC-SHA-256 over delivery id, timestamp and body.</summary>
    public static string Sign(byte[] secret, string id, long timestamp, string body)
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(signed)));
    }
}
