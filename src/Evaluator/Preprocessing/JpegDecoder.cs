namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>
/// Decodes JPEG as Pillow does: libjpeg-turbo with its default settings. Not thread-safe: one decoder a thread.
/// </summary>
internal sealed unsafe class JpegDecoder : IDisposable
{
    // How libjpeg's warnings begin (jerror.h, JWRN_*).
    private static readonly string[] Warnings =
    [
        "Corrupt JPEG data: ", "Premature end of JPEG file", "Inconsistent progression sequence",
        "Invalid SOS parameters for sequential JPEG", "Unknown Adobe color transform code", "Warning: ",
    ];

    private nint handle;
    private byte[] cmyk = [];

    public static bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0xFF, 0xD8, 0xFF]);

    /// <summary>The size that the header declares.</summary>
    public ImageSize ReadSize(ReadOnlySpan<byte> file, string name) => ReadHeader(file, name).Size;

    public void Decode(ReadOnlySpan<byte> file, string name, RgbBuffer image)
    {
        var (size, colourSpace) = ReadHeader(file, name);
        image.Reset(size);
        if (colourSpace is TurboJpeg.ColourSpaceCmyk or TurboJpeg.ColourSpaceYcck)
        {
            if (cmyk.Length < 4 * size.Pixels)
            {
                cmyk = new byte[4 * size.Pixels];
            }
            Decompress(file, name, size, cmyk, bytesPerPixel: 4, TurboJpeg.PixelFormatCmyk);
            ToRgb(cmyk, image.Pixels);
            return;
        }
        Decompress(file, name, size, image.Pixels, bytesPerPixel: 3, TurboJpeg.PixelFormatRgb);
    }

    public void Dispose()
    {
        if (handle != 0)
        {
            _ = TurboJpeg.Destroy(handle);
            handle = 0;
        }
    }

    // A decompressor keeps the tables of its last file for a file that has none, and after an error its place in it; so
    // that no image depends on the one before, each gets a new one, which costs some microseconds.
    private void Renew()
    {
        Dispose();
        handle = TurboJpeg.InitDecompress();
    }

    private (ImageSize Size, int ColourSpace) ReadHeader(ReadOnlySpan<byte> file, string name)
    {
        Renew();
        fixed (byte* bytes = file)
        {
            var result = TurboJpeg.DecompressHeader(
                handle, bytes, (nuint)file.Length,
                out var width, out var height, out var subsampling, out var colourSpace);

            // Subsampling that TurboJPEG has no name for is an error of this call, yet the header has been read, and
            // decompressing knows every subsampling.
            var unnamedSubsampling = subsampling < 0 && colourSpace >= 0;
            if ((result != 0 && !IsWarning && !unnamedSubsampling) || width < 1 || height < 1)
            {
                throw ImageDecoder.Unreadable(name, TurboJpeg.GetError(handle));
            }
            return (ImageDecoder.Bounded(name, width, height), colourSpace);
        }
    }

    private void Decompress(
        ReadOnlySpan<byte> file, string name, ImageSize size, Span<byte> pixels, int bytesPerPixel, int pixelFormat)
    {
        fixed (byte* bytes = file, target = pixels)
        {
            var result = TurboJpeg.Decompress(
                handle, bytes, (nuint)file.Length, target,
                size.Width, size.Width * bytesPerPixel, size.Height, pixelFormat, flags: 0);
            if (result == 0)
            {
                return;
            }
            if (!IsWarning)
            {
                throw ImageDecoder.Unreadable(name, TurboJpeg.GetError(handle));
            }

            // Pillow lets every warning pass but the end of the data. libjpeg keeps the first warning's text only, so
            // behind another one the file itself has to say whether it is whole.
            if (!JpegMarkers.HoldWholeImage(file))
            {
                throw ImageDecoder.Unreadable(name, "the file is truncated");
            }
        }
    }

    // TurboJPEG also calls an error a warning where a warning came before it; only the text tells them apart.
    private bool IsWarning => TurboJpeg.GetErrorCode(handle) == TurboJpeg.Warning
        && TurboJpeg.GetError(handle) is var error
        && Array.Exists(Warnings, warning => error.StartsWith(warning, StringComparison.Ordinal));

    // Pillow takes every CMYK JPEG for Adobe's, whose inks are stored inverted (JpegImagePlugin, "CMYK;I"); the rest is
    // cmyk2rgb of its Convert.c, which subtracts each ink's rounded share from the light that black leaves.
    private static void ToRgb(ReadOnlySpan<byte> inks, Span<byte> rgb)
    {
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            int light = inks[from + 3];
            for (var channel = 0; channel < 3; channel++)
            {
                var ink = 255 - inks[from + channel];
                rgb[to + channel] = (byte)Math.Max(0, light - DivideBy255(ink * light));
            }
        }
    }

    // Pillow's MULDIV255: the product over 255, rounded.
    private static int DivideBy255(int product) => (product + 128 + ((product + 128) >> 8)) >> 8;
}
