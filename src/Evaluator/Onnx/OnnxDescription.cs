using Google.Protobuf;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Evaluator.Onnx;

/// <summary>
/// What an ONNX file says of itself, read without its weights and without running anything. Files that reach outside
/// themselves, by external data or by operators of one's own, are refused here.
/// </summary>
/// <param name="Input">What the network takes.</param>
/// <param name="OutputShape">Sizes of what it gives; null where a size is left open. Empty where nothing is said.</param>
/// <param name="Tensors">Its weights.</param>
internal sealed record OnnxDescription(
    OnnxInput Input, IReadOnlyList<long?> OutputShape, IReadOnlyList<InspectedTensor> Tensors)
{
    private const long MaxBytes = int.MaxValue; // protocol buffers' own limit
    private static readonly string[] Domains = ["", "ai.onnx", "ai.onnx.ml", "com.microsoft"];

    // TensorProto.DataType of onnx.proto, by number.
    private static readonly string[] Dtypes =
    [
        "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16",
        "float64", "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8_e4m3fn", "float8_e4m3fnuz",
        "float8_e5m2", "float8_e5m2fnuz", "uint4", "int4", "float4_e2m1fn", "float8_e8m0fnu",
    ];

    /// <summary>Reads a file.</summary>
    /// <exception cref="EvaluationFailedException">It is none that can be run here; the code says why.</exception>
    public static OnnxDescription Read(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > MaxBytes)
        {
            throw Refused.TooLarge("An ONNX file may be 2 GB. Send the weights alone, as safetensors.");
        }
        try
        {
            return Of(ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(file));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Refused.Unrecognised($"The ONNX file is damaged or truncated: {Refused.Printable(e.Message)}");
        }
    }

    private static OnnxDescription Of(ModelProto model)
    {
        if (model.Graph is not { Node.Count: > 0 } graph)
        {
            throw Refused.Unrecognised("The ONNX file holds no graph.");
        }
        if (model.TrainingInfo.Count > 0)
        {
            throw Refused.Unrecognised("The ONNX model brings its training; export it for inference.");
        }
        var parts = new OnnxParts(model);
        RequireSelfContained(parts, [.. Domains, .. model.Functions.Select(function => function.Domain)]);
        OnnxPrecision.Require(parts);
        var weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        var inputs = graph.Input.Where(input => !weights.Contains(input.Name)).ToList();
        if (inputs.Count != 1 || graph.Output.Count != 1)
        {
            throw Refused.Unrecognised(
                $"The ONNX model takes {inputs.Count} inputs and gives {graph.Output.Count} outputs; one of each is needed.");
        }
        return new OnnxDescription(
            OnnxInput.Of(inputs[0].Type?.TensorType),
            Sizes(graph.Output[0].Type?.TensorType?.Shape),
            [.. graph.Initializer.Select(Describe)]);
    }

    public static string DtypeName(int number) =>
        number >= 0 && number < Dtypes.Length ? Dtypes[number] : $"unknown ({number})";

    public static IReadOnlyList<long?> Sizes(TensorShapeProto? shape) => shape is null
        ? []
        : [.. shape.Dim.Select(size => size.HasDimValue && size.DimValue > 0 ? size.DimValue : (long?)null)];

    private static InspectedTensor Describe(TensorProto tensor)
    {
        var count = tensor.Dims.Contains(0) ? 0 : (Int128)1;
        foreach (var size in tensor.Dims)
        {
            // Of the smallest elements, of four bits, two share a byte.
            if (size < 0 || (count *= size) > 2 * MaxBytes)
            {
                throw Refused.Unrecognised($"The ONNX model's tensor {Refused.Quote(tensor.Name)} has a size that none can have.");
            }
        }
        return new(tensor.Name, DtypeName(tensor.DataType), [.. tensor.Dims], LoadedAs: tensor.Name);
    }

    // ONNX Runtime opens other files for sparse constants too: SparseTensorProtoToDenseTensorProto of tensorprotoutils.cc.
    private static void RequireSelfContained(OnnxParts parts, HashSet<string> domains)
    {
        if (parts.Nodes.FirstOrDefault(node => !domains.Contains(node.Domain)) is { } foreign)
        {
            throw Refused.Unrecognised(
                $"The ONNX model needs the operator {Refused.Quote($"{foreign.Domain}.{foreign.OpType}")}, which no library here brings.");
        }
        if (parts.Tensors.FirstOrDefault(IsElsewhere) is { } elsewhere)
        {
            throw Refused.Unsafe(
                $"The ONNX model keeps {Refused.Quote(elsewhere.Name)} in another file. "
                + "Save it as one: onnx.save(model, path, save_as_external_data=False).");
        }
    }

    private static bool IsElsewhere(TensorProto tensor) =>
        tensor.DataLocation != TensorProto.Types.DataLocation.Default || tensor.ExternalData.Count > 0;
}
