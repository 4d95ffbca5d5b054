using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Onnx;

/// <summary>
/// Refuses models that round what they compute to fewer bits than float32, which is what a score of theirs would be said
/// to be of. The images come in as float32, and operators do not mix types: whatever goes on in another goes through
/// one of the operators that are looked for. Weights may be kept in any type that is turned into float32.
/// </summary>
internal static class OnnxPrecision
{
    private static readonly HashSet<string> Lower =
        ["float16", "bfloat16", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu", "float4_e2m1fn"];

    // ONNX's own and ONNX Runtime's: QLinearConv, DynamicQuantizeLinear, MatMulIntegerToFloat, QAttention, MatMulNBits …
    // (docs/ContribOperators.md of microsoft/onnxruntime). DequantizeLinear alone turns kept weights into float32.
    private static readonly string[] Quantising =
        ["Quantize", "Integer", "QLinear", "QOrdered", "QAttention", "QGemm", "QMoE", "QEmbed", "NBits", "Bnb4", "FpQ4"];

    /// <exception cref="EvaluationFailedException">The model computes in fewer bits.</exception>
    public static void Require(OnnxParts parts)
    {
        var hasLower = parts.Tensors.Any(tensor => Lower.Contains(OnnxDescription.DtypeName(tensor.DataType)));
        foreach (var node in parts.Nodes)
        {
            if (LowerTypeOf(node, hasLower) is { } type)
            {
                throw new EvaluationFailedException(
                    FailureCodes.PrecisionUnsupported,
                    $"The ONNX model computes in {type} ({Refused.Quote(node.OpType)}); ONNX runs in float32 here. Export it in "
                    + "float32, or send the weights alone.");
            }
        }
    }

    private static string? LowerTypeOf(NodeProto node, bool hasLower)
    {
        switch (node.OpType)
        {
            case "Cast":
                var to = node.Attribute.FirstOrDefault(attribute => attribute.Name == "to")?.I ?? 0;
                var name = OnnxDescription.DtypeName((int)Math.Clamp(to, -1, byte.MaxValue));
                return Lower.Contains(name) ? name : null;
            case "CastLike":
                return hasLower ? "fewer bits than float32" : null;
            default:
                return Array.Exists(Quantising, part => node.OpType.Contains(part, StringComparison.Ordinal))
                    ? "quantised numbers"
                    : null;
        }
    }
}
