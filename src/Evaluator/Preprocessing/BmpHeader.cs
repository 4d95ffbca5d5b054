using System.Buffers.Binary;

namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>What stands before the pixels of a Windows bitmap.</summary>
internal readonly ref struct BmpHeader
{
    private const int FileHeaderLength = 14;
    private const int CoreHeaderLength = 12;
    private const int MasksOffset = FileHeaderLength + 40;
    private const uint Uncompressed = 0;
    private const uint BitFields = 3;

    public ImageSize Size { get; private init; }

    /// <summary>Bits a pixel: 1, 4, 8, 16, 24 or 32.</summary>
    public int Bits { get; private init; }

    public uint PixelOffset { get; private init; }

    /// <summary>True where the first row of the file is the image's first; most files begin with the last.</summary>
    public bool TopDown { get; private init; }

    /// <summary>The bits of red, green and blue in a pixel of 16 bits or more.</summary>
    public (uint Red, uint Green, uint Blue) Masks { get; private init; }

    // Blue, green, red and, but in the oldest kind, a spare byte a colour.
    private ReadOnlySpan<byte> Palette { get; init; }

    private int PaletteStride { get; init; }

    public static BmpHeader Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length < FileHeaderLength + CoreHeaderLength)
        {
            throw ImageDecoder.Unreadable(name, "the file is truncated");
        }
        var length = BinaryPrimitives.ReadUInt32LittleEndian(file[FileHeaderLength..]);
        if (length is not (CoreHeaderLength or 40 or 64 or 108 or 124))
        {
            throw ImageDecoder.Unreadable(
                name, FormattableString.Invariant($"a BMP header of {length} bytes is unknown"));
        }
        if (file.Length < FileHeaderLength + length)
        {
            throw ImageDecoder.Unreadable(name, "the file is truncated");
        }
        return length == CoreHeaderLength ? ReadCore(file, name) : ReadInfo(file, name, (int)length);
    }

    /// <summary>Red, green and blue of a palette's entry; beyond its end, grey as Pillow has it.</summary>
    public (byte Red, byte Green, byte Blue) Colour(int index)
    {
        var at = index * PaletteStride;
        return at + 3 <= Palette.Length
            ? (Palette[at + 2], Palette[at + 1], Palette[at])
            : ((byte)index, (byte)index, (byte)index);
    }

    private static BmpHeader ReadCore(ReadOnlySpan<byte> file, string name)
    {
        var fields = file[FileHeaderLength..];
        var width = BinaryPrimitives.ReadUInt16LittleEndian(fields[4..]);
        var height = BinaryPrimitives.ReadUInt16LittleEndian(fields[6..]);
        var bits = KnownBits(BinaryPrimitives.ReadUInt16LittleEndian(fields[10..]), name);
        return new BmpHeader
        {
            Size = Checked(name, width, height),
            Bits = bits,
            PixelOffset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]),
            Masks = DefaultMasks(bits),
            Palette = PaletteOf(file, FileHeaderLength + CoreHeaderLength, bits, colours: 0, stride: 3),
            PaletteStride = 3,
        };
    }

    private static BmpHeader ReadInfo(ReadOnlySpan<byte> file, string name, int length)
    {
        var fields = file[FileHeaderLength..];
        var height = (long)BinaryPrimitives.ReadInt32LittleEndian(fields[8..]);
        var bits = KnownBits(BinaryPrimitives.ReadUInt16LittleEndian(fields[14..]), name);
        var compression = BinaryPrimitives.ReadUInt32LittleEndian(fields[16..]);
        var colours = BinaryPrimitives.ReadUInt32LittleEndian(fields[32..]);
        if (compression != Uncompressed && !(compression == BitFields && bits >= 16))
        {
            throw ImageDecoder.Unreadable(
                name, FormattableString.Invariant($"BMP compression {compression} at {bits} bits is not read here"));
        }
        return new BmpHeader
        {
            Size = Checked(name, BinaryPrimitives.ReadInt32LittleEndian(fields[4..]), Math.Abs(height)),
            Bits = bits,
            PixelOffset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]),
            TopDown = height < 0,
            Masks = compression == BitFields ? DeclaredMasks(file, bits, name) : DefaultMasks(bits),
            Palette = PaletteOf(file, FileHeaderLength + length, bits, colours, stride: 4),
            PaletteStride = 4,
        };
    }

    private static ImageSize Checked(string name, long width, long height) =>
        width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue
            ? ImageDecoder.Bounded(name, (int)width, (int)height)
            : throw ImageDecoder.Unreadable(name, FormattableString.Invariant($"{width} × {height} is no size"));

    private static int KnownBits(int bits, string name) => bits is 1 or 4 or 8 or 16 or 24 or 32
        ? bits
        : throw ImageDecoder.Unreadable(name, FormattableString.Invariant($"BMP of {bits} bits a pixel is unknown"));

    private static (uint Red, uint Green, uint Blue) DefaultMasks(int bits) =>
        bits == 16 ? (0x7C00u, 0x3E0u, 0x1Fu) : (0xFF0000u, 0xFF00u, 0xFFu);

    private static (uint Red, uint Green, uint Blue) DeclaredMasks(ReadOnlySpan<byte> file, int bits, string name)
    {
        if (file.Length < MasksOffset + 12)
        {
            throw ImageDecoder.Unreadable(name, "the file is truncated");
        }
        var masks = (
            BinaryPrimitives.ReadUInt32LittleEndian(file[MasksOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(file[(MasksOffset + 4)..]),
            BinaryPrimitives.ReadUInt32LittleEndian(file[(MasksOffset + 8)..]));
        return (bits, masks) switch
        {
            (32, (0, 0, 0)) => DefaultMasks(bits),
            (16, (0xF800, 0x7E0, 0x1F) or (0x7C00, 0x3E0, 0x1F)) => masks,
            (24 or 32, (0xFF0000, 0xFF00, 0xFF)) => masks,
            (32, (0xFF000000, 0xFF0000, 0xFF00) or (0xFF, 0xFF00, 0xFF0000)) => masks,
            _ => throw ImageDecoder.Unreadable(name, "the BMP's bit fields are of no known layout"),
        };
    }

    private static ReadOnlySpan<byte> PaletteOf(ReadOnlySpan<byte> file, int offset, int bits, uint colours, int stride)
    {
        if (bits > 8 || offset > file.Length)
        {
            return [];
        }
        var length = Math.Min(colours == 0 ? 1u << bits : colours, 256) * stride;
        return file.Slice(offset, (int)Math.Min(length, file.Length - offset));
    }
}
