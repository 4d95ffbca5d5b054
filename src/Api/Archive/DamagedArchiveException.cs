namespace Leaderboard.Api.Archive;

/// <summary>A file of the archive cannot be read to its end: nothing of it is merged, whatever is asked for.</summary>
internal sealed class DamagedArchiveException(string message) : Exception(message);

/// <summary>One record does not say what it must: it may be left out.</summary>
internal sealed class BadRecordException(string path, string reason) : Exception(reason)
{
    public string Path => path;
}
