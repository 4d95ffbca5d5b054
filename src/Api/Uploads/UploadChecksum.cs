using System.Buffers;
using System.Security.Cryptography;
using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Uploads;

/// <summary>The field <c>Upload-Checksum</c>: what the bytes of one request must be, or none of them counts.</summary>
internal sealed record UploadChecksum(HashAlgorithmName Algorithm, byte[] Expected)
{
    public const string Field = "Upload-Checksum";

    /// <summary>In the words of <c>Tus-Checksum-Algorithm</c>.</summary>
    public const string Algorithms = "sha1,sha256,sha512";

    /// <summary>What is announced; null where nothing is.</summary>
    public static UploadChecksum? Of(string field)
    {
        if (field.Length == 0)
        {
            return null;
        }
        if (field.Split(' ', 2) is not [var name, var digest])
        {
            throw Malformed();
        }
        var (algorithm, size) = name switch
        {
            "sha1" => (HashAlgorithmName.SHA1, 20),
            "sha256" => (HashAlgorithmName.SHA256, 32),
            "sha512" => (HashAlgorithmName.SHA512, 64),
            _ => throw Problems.ChecksumUnsupported.Because($"'{name}' is not one of {Algorithms}."),
        };
        var expected = new byte[size + 3];
        return Convert.TryFromBase64String(digest, expected, out var length) && length == size
            ? new UploadChecksum(algorithm, expected[..size])
            : throw Malformed();
    }

    /// <summary>Whether these are the bytes from an offset to the end of a file.</summary>
    public async Task<bool> IsOfAsync(FileStream file, long offset, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(Algorithm);
        await hash.AppendAsync(file, offset, cancellationToken);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(Expected);
    }

    private static RefusedException Malformed() =>
        Problems.RequestMalformed.Because($"Write it as '{Field}: sha256 <base64 of the digest>'.");
}

internal static class FileDigests
{
    private const int BufferSize = 1 << 20;

    /// <summary>Appends the bytes from an offset to the end of a file.</summary>
    public static async Task AppendAsync(
        this IncrementalHash hash, FileStream file, long offset, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int count;
            while ((count = await RandomAccess.ReadAsync(file.SafeFileHandle, buffer, offset, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, count);
                offset += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
