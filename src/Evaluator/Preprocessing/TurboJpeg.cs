using System.Runtime.InteropServices;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>The functions of TurboJPEG 2.x, which libturbojpeg 2.1 and 3.x both export.</summary>
internal static unsafe partial class TurboJpeg
{
    public const int PixelFormatRgb = 0;
    public const int PixelFormatCmyk = 11;

    public const int ColourSpaceCmyk = 3;
    public const int ColourSpaceYcck = 4;

    /// <summary>The code of a message that libjpeg only warns of.</summary>
    public const int Warning = 0;

    private const string Library = "libturbojpeg.so.0";

    /// <summary>Loads the library, where that has not happened.</summary>
    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, typeof(TurboJpeg).Assembly, null, out _);

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    public static partial nint InitDecompress();

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    public static partial int Destroy(nint handle);

    [LibraryImport(Library, EntryPoint = "tjDecompressHeader3")]
    public static partial int DecompressHeader(
        nint handle, byte* file, nuint length, out int width, out int height, out int subsampling, out int colourSpace);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    public static partial int Decompress(
        nint handle, byte* file, nuint length,
        byte* pixels, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(Library, EntryPoint = "tjGetErrorCode")]
    public static partial int GetErrorCode(nint handle);

    public static string GetError(nint handle) => Marshal.PtrToStringUTF8(GetErrorText(handle)) ?? "unknown error";

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    private static partial nint GetErrorText(nint handle);
}
