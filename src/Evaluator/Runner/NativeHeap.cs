using System.Runtime.InteropServices;

namespace Leaderboard.Evaluator.Runner;

/// <summary>The heap of native libraries, glibc's.</summary>
internal static partial class NativeHeap
{
    private const int MmapThreshold = -3; // M_MMAP_THRESHOLD
    private const int LargeBlock = 1 << 20;

    /// <summary>
    /// From now on blocks of a mebibyte go back to the system when they are freed. By itself glibc learns from the first
    /// that are freed to keep blocks of up to 32 MB, and tensors of many sizes leave holes that no other fits.
    /// </summary>
    public static void GiveLargeBlocksBack() => _ = SetOption(MmapThreshold, LargeBlock);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
