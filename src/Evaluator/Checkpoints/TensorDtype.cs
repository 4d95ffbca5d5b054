namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>The element type of a stored tensor.</summary>
/// <param name="Name">PyTorch's name of it, for example <c>float32</c>.</param>
/// <param name="Bits">Size of one element; below 8 for types that share a byte.</param>
/// <param name="Safetensors">Its code in a safetensors header; null where that format has none.</param>
/// <param name="Storage">The <c>torch.*Storage</c> class that means it in a pickle; null where there is none.</param>
internal sealed record TensorDtype(string Name, int Bits, string? Safetensors, string? Storage)
{
    public static readonly TensorDtype Float64 = new("float64", 64, "F64", "DoubleStorage");
    public static readonly TensorDtype Float32 = new("float32", 32, "F32", "FloatStorage");
    public static readonly TensorDtype Float16 = new("float16", 16, "F16", "HalfStorage");
    public static readonly TensorDtype BFloat16 = new("bfloat16", 16, "BF16", "BFloat16Storage");
    public static readonly TensorDtype Int64 = new("int64", 64, "I64", "LongStorage");
    public static readonly TensorDtype UInt8 = new("uint8", 8, "U8", "ByteStorage");

    /// <summary>Storage without a type: its tensors say their own.</summary>
    public static readonly TensorDtype Untyped = new("untyped", 8, null, "UntypedStorage");

    // safetensors: https://github.com/huggingface/safetensors, `enum Dtype` of tensor.rs (0.7).
    private static readonly TensorDtype[] All =
    [
        Float64, Float32, Float16, BFloat16, Int64, UInt8, Untyped,
        new("int32", 32, "I32", "IntStorage"),
        new("int16", 16, "I16", "ShortStorage"),
        new("int8", 8, "I8", "CharStorage"),
        new("bool", 8, "BOOL", "BoolStorage"),
        new("uint16", 16, "U16", null),
        new("uint32", 32, "U32", null),
        new("uint64", 64, "U64", null),
        new("complex64", 64, "C64", "ComplexFloatStorage"),
        new("complex128", 128, null, "ComplexDoubleStorage"),
        new("float8_e5m2", 8, "F8_E5M2", null),
        new("float8_e4m3fn", 8, "F8_E4M3", null),
        new("float8_e5m2fnuz", 8, "F8_E5M2FNUZ", null),
        new("float8_e4m3fnuz", 8, "F8_E4M3FNUZ", null),
        new("float8_e8m0fnu", 8, "F8_E8M0", null),
        new("float6_e2m3", 6, "F6_E2M3", null),
        new("float6_e3m2", 6, "F6_E3M2", null),
        new("float4_e2m1fn", 4, "F4", null),
        new("float4_e2m1fn_x2", 8, null, null), // PyTorch's name for a byte of two
    ];

    private static readonly Dictionary<string, TensorDtype> BySafetensors =
        All.Where(dtype => dtype.Safetensors != null).ToDictionary(dtype => dtype.Safetensors!);

    private static readonly Dictionary<string, TensorDtype> ByStorage =
        All.Where(dtype => dtype.Storage != null).ToDictionary(dtype => dtype.Storage!);

    private static readonly Dictionary<string, TensorDtype> ByName =
        All.Where(dtype => dtype != Untyped).ToDictionary(dtype => dtype.Name);

    /// <summary>Bytes of one element of a type that fills whole bytes.</summary>
    public int Bytes => Bits / 8;

    /// <summary>Whether its values can stand for a network's float32 parameters.</summary>
    public bool IsFloat => this == Float32 || this == Float16 || this == BFloat16 || this == Float64
        || Name.StartsWith("float8_", StringComparison.Ordinal);

    public static TensorDtype? OfSafetensors(string code) => BySafetensors.GetValueOrDefault(code);

    public static TensorDtype? OfStorage(string name) =>
        ByStorage.GetValueOrDefault(name == "_UntypedStorage" ? "UntypedStorage" : name); // until 1.12

    /// <summary>The type that <c>torch.</c><paramref name="name"/> is, by PyTorch's older names too.</summary>
    public static TensorDtype? OfName(string name) => ByName.GetValueOrDefault(name switch
    {
        "double" => "float64",
        "float" => "float32",
        "half" => "float16",
        "long" => "int64",
        "int" => "int32",
        "short" => "int16",
        _ => name,
    });
}
