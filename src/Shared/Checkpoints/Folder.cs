using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Leaderboard.Shared.Checkpoints;

/// <summary>What .NET offers for files alone.</summary>
internal static class Folder
{
    /// <summary>Returns once the names in a folder are on disk, so that a rename outlives a power cut.</summary>
    public static void Flush(string path)
    {
        var folder = Open(path, flags: 0);
        if (folder < 0)
        {
            throw new IOException($"{path} cannot be opened.", new Win32Exception());
        }
        var flushed = FSync(folder);
        var failure = new Win32Exception();
        _ = Close(folder);
        if (flushed != 0)
        {
            throw new IOException($"{path} cannot be flushed to disk.", failure);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FSync(int file);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int file);
}
