using Leaderboard.Evaluator.Datasets;

namespace Leaderboard.Evaluator.Worker.Caching;

/// <summary>A file that a child was to leave: a header that is known beforehand, and numbers of a known length behind it.</summary>
internal static class LeftFile
{
    /// <summary>Throws <see cref="RunnerCrashedException"/> where there is no regular file of that header and length.</summary>
    public static void Require(string path, byte[] header, long length)
    {
        var found = new byte[header.Length];
        if (FileStatus.Of(path) is not { Kind: FileKind.File } status || status.Bytes != length)
        {
            throw new RunnerCrashedException($"The runner left no {Path.GetFileName(path)} of the right length.", log: "");
        }
        using var file = File.OpenHandle(path);
        if (RandomAccess.Read(file, found, fileOffset: 0) != found.Length || !found.AsSpan().SequenceEqual(header))
        {
            throw new RunnerCrashedException($"The runner left a {Path.GetFileName(path)} with another header.", log: "");
        }
    }
}
