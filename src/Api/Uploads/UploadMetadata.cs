using System.Text;
using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Uploads;

/// <summary>
/// The field <c>Upload-Metadata</c>: pairs of a key and a text in base64. It is kept as it came and told again; of the
/// keys only <c>sha256</c> has a meaning here.
/// </summary>
/// <param name="Text">The field; null where none was sent.</param>
/// <param name="Sha256">The file's SHA-256 in lower-case hexadecimal; null where that is not told.</param>
internal sealed record UploadMetadata(string? Text, string? Sha256)
{
    private const int MaxLength = 4096;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static UploadMetadata Of(IHeaderDictionary headers)
    {
        var text = headers["Upload-Metadata"].ToString();
        if (text.Length == 0)
        {
            return new UploadMetadata(null, null);
        }
        if (text.Length > MaxLength)
        {
            throw Malformed($"it has at most {MaxLength} characters");
        }
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(','))
        {
            // A key without a value may have a space behind it.
            var (key, value) = pair.Trim(' ').Split(' ', 2) switch
            {
                [var only] => (only, ""),
                [var first, var second] => (first, second),
                _ => ("", ""),
            };
            if (key.Length == 0 || key.Any(character => character is < '!' or > '~'))
            {
                throw Malformed("each key has one or more visible ASCII characters");
            }
            if (!pairs.TryAdd(key, Decode(key, value)))
            {
                throw Malformed($"the key '{key}' is there twice");
            }
        }
        if (pairs.TryGetValue("sha256", out var sha256) && !IsDigest(sha256))
        {
            throw Malformed("'sha256' is 64 lower-case hexadecimal digits, in base64 as every value");
        }
        return new UploadMetadata(text, sha256);
    }

    private static string Decode(string key, string value)
    {
        var bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value, bytes, out var length))
        {
            throw Malformed($"the value of '{key}' is no base64");
        }
        try
        {
            var text = Utf8.GetString(bytes, 0, length);
            return text.Any(char.IsControl) ? throw Malformed($"'{key}' holds a control character") : text;
        }
        catch (DecoderFallbackException)
        {
            throw Malformed($"'{key}' is no UTF-8");
        }
    }

    private static bool IsDigest(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private static RefusedException Malformed(string rule) =>
        Problems.RequestMalformed.Because($"Upload-Metadata is 'key base64, key base64': {rule}.");
}
