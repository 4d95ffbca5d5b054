using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Leaderboard.Evaluator.Datasets;

internal enum FileKind
{
    Missing,
    File,
    Folder,
    Link,
    Other,

    /// <summary>A folder above it may not be entered.</summary>
    Denied,
}

/// <summary>What the file system knows of a path, symbolic links not followed (Linux <c>statx</c>).</summary>
/// <param name="Kind">What the path leads to.</param>
/// <param name="Device">The file system that it is on.</param>
/// <param name="Inode">Its identity there.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="ModifiedAt">Last change of the content, nanoseconds since 1970.</param>
/// <param name="ChangedAt">Last change of content or attributes; unlike the former no program can set it.</param>
internal readonly partial record struct FileStatus(
    FileKind Kind, ulong Device, ulong Inode, long Bytes, long ModifiedAt, long ChangedAt)
{
    private const int AccessDenied = 13;
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const int OfTheHandle = 0x1000;
    private const uint BasicStats = 0x7FF;

    public static FileStatus Of(string path) => Of(CurrentFolder, path, DoNotFollow);

    /// <summary>Of a file that is open, wherever its path leads by now.</summary>
    public static FileStatus Of(SafeFileHandle file)
    {
        var isCounted = false;
        try
        {
            file.DangerousAddRef(ref isCounted);
            return Of((int)file.DangerousGetHandle(), "", OfTheHandle);
        }
        finally
        {
            if (isCounted)
            {
                file.DangerousRelease();
            }
        }
    }

    private static FileStatus Of(int folder, string path, int flags) =>
        StatX(folder, path, flags, BasicStats, out var raw) == 0
            ? new FileStatus(
                KindOf(raw.Mode),
                ((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor,
                raw.Inode,
                (long)raw.Size,
                Nanoseconds(raw.ModifiedSeconds, raw.ModifiedNanoseconds),
                Nanoseconds(raw.ChangedSeconds, raw.ChangedNanoseconds))
            : default(FileStatus) with
            {
                Kind = Marshal.GetLastPInvokeError() == AccessDenied ? FileKind.Denied : FileKind.Missing,
            };

    private static FileKind KindOf(ushort mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.Link,
        _ => FileKind.Other,
    };

    private static long Nanoseconds(long seconds, uint nanoseconds) => (seconds * 1_000_000_000) + nanoseconds;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out Raw status);

    // struct statx of <linux/stat.h>, the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Raw
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(96)]
        public long ChangedSeconds;

        [FieldOffset(104)]
        public uint ChangedNanoseconds;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
