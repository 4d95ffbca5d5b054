namespace Leaderboard.Shared.Evaluations;

/// <summary>Element types of a forward pass.</summary>
public static class Precision
{
    /// <summary>IEEE 754 single precision, TF32 off: the default, and what papers mean.</summary>
#pragma warning disable CA1720 // the field's word for it
    public const string Float32 = "float32";
#pragma warning restore CA1720

    /// <summary>Weights and activations of eight significant bits: faster, shown beside the score.</summary>
    public const string BFloat16 = "bfloat16";

    public static readonly IReadOnlyList<string> All = [Float32, BFloat16];
}
