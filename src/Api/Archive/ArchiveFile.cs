using System.Globalization;
using System.Security.Cryptography;

namespace Leaderboard.Api.Archive;

/// <summary>One file of an archive, and which of the dumps it is.</summary>
internal sealed record ArchiveFile(ArchiveKind Kind, string Path)
{
    private const int End = 1 << 20;

    public string Name => System.IO.Path.GetFileName(Path);

    public bool IsCompressed => Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Of its size, its time and both ends: a GB is not read to learn that it is the same.</summary>
    public string Fingerprint()
    {
        using var file = File.OpenRead(Path);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[End];
        digest.AppendData(buffer.AsSpan(0, file.ReadAtLeast(buffer, End, throwOnEndOfStream: false)));
        if (file.CanSeek)
        {
            file.Position = Math.Max(0, file.Length - End);
            digest.AppendData(buffer.AsSpan(0, file.ReadAtLeast(buffer, End, throwOnEndOfStream: false)));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{file.Length} {File.GetLastWriteTimeUtc(Path):O} {Convert.ToHexStringLower(digest.GetHashAndReset())}");
        }
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}

/// <summary>The dumps, in the order in which they are read.</summary>
internal enum ArchiveKind
{
    /// <summary>Papers, with their methods.</summary>
    Papers,

    /// <summary>Papers' code.</summary>
    Links,
    Methods,
    Datasets,

    /// <summary>All evaluation tables: one that is missing is gone.</summary>
    EvaluationTables,

    /// <summary>Some evaluation tables, of any source that writes the same form.</summary>
    Tables,
}
