using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>Turns the floating-point numbers of a checkpoint, little-endian as they lie in files, into float32.</summary>
internal static class FloatElements
{
    // Of eight bits there are few numbers: each is computed once.
    private static readonly Dictionary<string, float[]> OfByte = new()
    {
        ["float8_e4m3fn"] = Table(Float8.OfE4M3),
        ["float8_e5m2"] = Table(Float8.OfE5M2),
        ["float8_e4m3fnuz"] = Table(Float8.OfE4M3Fnuz),
        ["float8_e5m2fnuz"] = Table(Float8.OfE5M2Fnuz),
        ["float8_e8m0fnu"] = Table(Float8.OfE8M0),
    };

    /// <param name="dtype">Their type; those of no floating-point type cannot stand for parameters.</param>
    /// <param name="elements">The numbers.</param>
    /// <param name="into">Where they go; as many as there are.</param>
    public static void Widen(TensorDtype dtype, ReadOnlySpan<byte> elements, Span<float> into)
    {
        switch (dtype.Name)
        {
            case "float32":
                MemoryMarshal.Cast<byte, float>(elements).CopyTo(into);
                break;
            case "float64":
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(elements), into);
                break;
            case "float16":
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(elements), into);
                break;
            case "bfloat16":
                // The upper half of a float32.
                var bits = MemoryMarshal.Cast<float, uint>(into);
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, ushort>(elements), bits);
                TensorPrimitives.ShiftLeft<uint>(bits, 16, bits);
                break;
            default:
                LookUp(dtype, elements, into);
                break;
        }
    }

    private static void LookUp(TensorDtype dtype, ReadOnlySpan<byte> elements, Span<float> into)
    {
        if (!OfByte.TryGetValue(dtype.Name, out var table))
        {
            throw Refused.Mismatch($"Elements of type {dtype.Name} cannot stand for a network's parameters.");
        }
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = table[elements[i]];
        }
    }

    private static float[] Table(Func<byte, float> value) =>
        [.. Enumerable.Range(0, 256).Select(bits => value((byte)bits))];
}
