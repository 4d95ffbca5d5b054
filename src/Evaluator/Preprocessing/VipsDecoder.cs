using NetVips;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>Decodes PNG, WebP and GIF (of an animation the first frame) by libvips.</summary>
internal static class VipsDecoder
{
    // Its warnings would go to the standard error of the process; what ends a decoding comes as an exception.
    private static readonly Log.LogDelegate Silence = (_, _, _) => { };

    // Whoever names an image names the parser that it reaches: all loaders are blocked but these, and of these the one
    // that fits the file's first bytes is called by its name. An image gets one thread; parallelism is the caller's.
    static VipsDecoder()
    {
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, Silence);
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in (string[])["VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif"])
        {
            Operation.Block(loader, false);
        }
    }

    public static ImageSize ReadSize(ReadOnlySpan<byte> file, string name)
    {
        using var image = Open(file.ToArray(), name);
        return ImageDecoder.Bounded(name, image.Width, image.Height);
    }

    public static void Decode(ReadOnlySpan<byte> file, string name, RgbBuffer target)
    {
        var bytes = file.ToArray();
        var frame = GifFirstFrame.Recognises(bytes) ? GifFirstFrame.Prepare(bytes) : null;
        using var image = Open(bytes, name);
        target.Reset(ImageDecoder.Bounded(name, image.Width, image.Height));
        var memory = Run(name, () => image.WriteToMemory(out _));
        try
        {
            CopyAsRgb(memory, image.Bands, image.Format, clip: IsGrey16(file), target.Pixels);
        }
        finally
        {
            NetVips.NetVips.Free(memory);
        }
        frame?.FillSurround(target);
    }

    private static Image Open(byte[] file, string name)
    {
        const Enums.Access Access = Enums.Access.Sequential;
        const Enums.FailOn FailOn = Enums.FailOn.Error;
        return file switch
        {
            _ when IsPng(file) =>
                Run(name, () => Image.PngloadBuffer(file, access: Access, failOn: FailOn)),
            _ when IsWebp(file) =>
                Run(name, () => Image.WebploadBuffer(file, access: Access, failOn: FailOn)),
            _ when GifFirstFrame.Recognises(file) =>
                Run(name, () => Image.GifloadBuffer(file, access: Access, failOn: FailOn)),
            _ => throw ImageDecoder.Unreadable(name, "the file is no JPEG, PNG, BMP, WebP or GIF"),
        };
    }

    private static T Run<T>(string name, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (VipsException exception)
        {
            throw ImageDecoder.Unreadable(name, exception.Message.ReplaceLineEndings(" ").Trim());
        }
    }

    private static unsafe void CopyAsRgb(
        nint memory, int bands, Enums.BandFormat format, bool clip, Span<byte> rgb)
    {
        var pixels = rgb.Length / 3;
        if (format == Enums.BandFormat.Uchar)
        {
            CopyBytes(new ReadOnlySpan<byte>((void*)memory, pixels * bands), bands, rgb);
            return;
        }
        CopyWords(new ReadOnlySpan<ushort>((void*)memory, pixels * bands), bands, clip, rgb);
    }

    // Alpha is dropped, not blended; grey is repeated.
    private static void CopyBytes(ReadOnlySpan<byte> source, int bands, Span<byte> rgb)
    {
        if (bands == 3)
        {
            source.CopyTo(rgb);
            return;
        }
        var step = bands > 2 ? 1 : 0;
        for (int from = 0, to = 0; to < rgb.Length; from += bands, to += 3)
        {
            rgb[to] = source[from];
            rgb[to + 1] = source[from + step];
            rgb[to + 2] = source[from + (2 * step)];
        }
    }

    // Pillow reads 16-bit grey as integers and clips them at 255; of all other 16-bit pixels it keeps the high byte.
    private static void CopyWords(ReadOnlySpan<ushort> source, int bands, bool clip, Span<byte> rgb)
    {
        var step = bands > 2 ? 1 : 0;
        for (int from = 0, to = 0; to < rgb.Length; from += bands, to += 3)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var value = source[from + (channel * step)];
                rgb[to + channel] = clip ? (byte)Math.Min(value, (ushort)255) : (byte)(value >> 8);
            }
        }
    }

    private static bool IsPng(ReadOnlySpan<byte> file) =>
        file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

    private static bool IsWebp(ReadOnlySpan<byte> file) =>
        file.StartsWith("RIFF"u8) && file.Length > 12 && file[8..12].SequenceEqual("WEBP"u8);

    // Byte 24 of a PNG is its bit depth, byte 25 its colour type; 0 is grey without alpha.
    private static bool IsGrey16(ReadOnlySpan<byte> file) => IsPng(file) && file[24] == 16 && file[25] == 0;
}
