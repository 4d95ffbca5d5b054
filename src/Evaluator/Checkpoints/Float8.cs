namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// Numbers of eight bits, each of them exact in float32. Layouts: Micikevicius et al. 2022 (arXiv 2209.05433) for e4m3fn and
/// e5m2, Noune et al. 2022 (arXiv 2206.02915) for fnuz, OCP Microscaling 1.0 for e8m0; c10/util/Float8_*.h of PyTorch.
/// </summary>
internal static class Float8
{
    // The only NaN of the fnuz types stands where negative zero would.
    private const byte NegativeZero = 0x80;

    /// <summary>Four bits of exponent, three of mantissa, no infinity.</summary>
    public static float OfE4M3(byte bits) => (bits & 0x7f) == 0x7f ? float.NaN : Value(bits, 3, 7);

    /// <summary>The upper half of a float16.</summary>
    public static float OfE5M2(byte bits) => (float)BitConverter.UInt16BitsToHalf((ushort)(bits << 8));

    public static float OfE4M3Fnuz(byte bits) => bits == NegativeZero ? float.NaN : Value(bits, 3, 8);

    public static float OfE5M2Fnuz(byte bits) => bits == NegativeZero ? float.NaN : Value(bits, 2, 16);

    /// <summary>A power of two, from 2^-127 on.</summary>
    public static float OfE8M0(byte bits) => bits == 0xff ? float.NaN : MathF.ScaleB(1, bits - 127);

    private static float Value(byte bits, int mantissaBits, int bias)
    {
        var exponent = (bits & 0x7f) >> mantissaBits;
        var mantissa = bits & ((1 << mantissaBits) - 1);
        var magnitude = exponent == 0
            ? MathF.ScaleB(mantissa, 1 - bias - mantissaBits)
            : MathF.ScaleB(mantissa + (1 << mantissaBits), exponent - bias - mantissaBits);
        return (bits & 0x80) == 0 ? magnitude : -magnitude;
    }
}
