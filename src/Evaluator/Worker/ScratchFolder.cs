using Leaderboard.Shared;

namespace Leaderboard.Evaluator.Worker;

/// <summary>The folder that one run may write to. What a hostile program leaves in it cannot keep it from being removed.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly EnumerationOptions WithoutLinks = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
    };

    private ScratchFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>
    /// A new folder. An earlier run of the same evaluation that was killed with its worker has left one: nobody else
    /// will need it.
    /// </summary>
    public static ScratchFolder Create(LeaderboardFolders folders, ClaimedEvaluation evaluation)
    {
        foreach (var earlier in Directory.GetDirectories(folders.Scratch, $"{evaluation.Id}-*"))
        {
            Remove(earlier);
        }
        return At(System.IO.Path.Combine(folders.Scratch, $"{evaluation.Id}-{evaluation.Attempt}"));
    }

    /// <summary>The folder of this path, made if need be.</summary>
    public static ScratchFolder At(string path)
    {
        Directory.CreateDirectory(path);
        return new ScratchFolder(path);
    }

    /// <summary>
    /// Makes the folder of scratch folders, and removes from it what killed runs left behind: what is older than a run
    /// can be. A younger one may be a run of another worker on this home.
    /// </summary>
    public static void RemoveAbandoned(string root, TimeSpan olderThan, TimeProvider time)
    {
        foreach (var run in Directory.CreateDirectory(root).GetDirectories())
        {
            if (time.GetUtcNow() - run.LastWriteTimeUtc > olderThan)
            {
                Remove(run.FullName);
            }
        }
    }

    public void Dispose() => Remove(Path);

    /// <summary>Removes a folder, whatever rights were taken off what is in it.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Unlock(folder);
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // Another worker removes it.
        }
        catch (Exception stuck) when (stuck is IOException or UnauthorizedAccessException)
        {
            // It costs disk space and no score; the next start tries again.
            Console.Error.WriteLine($"{folder} cannot be removed: {stuck.Message}");
        }
    }

    // A program may have taken the rights off folders that it made.
    private static void Unlock(string folder)
    {
        File.SetUnixFileMode(folder, Owner);
        foreach (var inner in Directory.GetDirectories(folder, "*", WithoutLinks))
        {
            Unlock(inner);
        }
    }
}
