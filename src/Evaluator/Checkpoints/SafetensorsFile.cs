using System.Buffers.Binary;
using System.Text.Json;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// A safetensors file: the length of a JSON header, the header, and the tensors' bytes without holes or overlap.
/// Format: https://huggingface.co/docs/safetensors, checks as in its reference implementation.
/// </summary>
internal static class SafetensorsFile
{
    /// <summary>Most bytes of header that are read; a thousand tensors need 100 kB.</summary>
    public const int MaxHeaderBytes = 16 << 20;

    private const int LengthBytes = sizeof(ulong);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>The tensors by name, in the header's order.</summary>
    public static PickleDict Read(StoredBytes file)
    {
        var head = new byte[LengthBytes];
        file.Read(0, head);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(head);
        if (headerLength > (ulong)(file.Length - LengthBytes))
        {
            throw Refused.Truncated("The file ends within its header.");
        }
        var data = file.Slice(LengthBytes + (long)headerLength, file.Length - LengthBytes - (long)headerLength);
        try
        {
            var headerBytes = file.Slice(LengthBytes, (long)headerLength).ReadAll(MaxHeaderBytes, "The header");
            using var header = JsonDocument.Parse(headerBytes, Strict);
            return ReadTensors(header.RootElement, data);
        }
        catch (JsonException)
        {
            throw Refused.Unrecognised("The safetensors header is no JSON, or names a tensor twice.");
        }
        catch (InvalidOperationException)
        {
            throw Refused.Unrecognised("The safetensors header holds something else than that format says.");
        }
    }

    private static PickleDict ReadTensors(JsonElement header, StoredBytes data)
    {
        var tensors = new PickleDict();
        var ranges = new List<(long Begin, long End)>();
        foreach (var property in header.EnumerateObject())
        {
            if (property.NameEquals("__metadata__"))
            {
                CheckMetadata(property.Value);
                continue;
            }
            var (tensor, begin, end) = ReadTensor(property.Name, property.Value, data);
            tensors.Set(property.Name, tensor);
            ranges.Add((begin, end));
        }
        CheckRanges(ranges, data.Length);
        return tensors;
    }

    private static void CheckMetadata(JsonElement metadata)
    {
        if (metadata.EnumerateObject().Any(item => item.Value.ValueKind != JsonValueKind.String))
        {
            throw Refused.Unrecognised("The safetensors header's __metadata__ is not all strings.");
        }
    }

    private static (StoredTensor Tensor, long Begin, long End) ReadTensor(
        string name, JsonElement entry, StoredBytes data)
    {
        if (!entry.TryGetProperty("dtype", out var code) || !entry.TryGetProperty("shape", out var sizes)
            || !entry.TryGetProperty("data_offsets", out var offsets) || offsets.GetArrayLength() != 2
            || !TryNumbers(offsets, out var range) || !TryNumbers(sizes, out var shape))
        {
            throw Refused.Unrecognised($"The tensor {Refused.Quote(name)} lacks a dtype, a shape or two offsets.");
        }
        var dtype = TensorDtype.OfSafetensors(code.GetString() ?? "")
            ?? throw Refused.Unrecognised($"The tensor {Refused.Quote(name)} is of an unknown dtype.");
        var count = shape.Aggregate((Int128)1, (product, size) => product > long.MaxValue ? product : product * size);
        count = shape.Contains(0) ? 0 : count;
        long begin = range[0], end = range[1];
        if (count > long.MaxValue || begin > end || end - begin != count * dtype.Bits / 8 || count * dtype.Bits % 8 != 0)
        {
            throw Refused.Unrecognised($"The tensor {Refused.Quote(name)} has offsets that do not fit its shape.");
        }
        if (end > data.Length)
        {
            throw Refused.Truncated($"The file ends within the tensor {Refused.Quote(name)}.");
        }
        return (StoredTensor.Contiguous(dtype, shape, (long)count, data.Slice(begin, end - begin)), begin, end);
    }

    private static bool TryNumbers(JsonElement array, out long[] numbers)
    {
        numbers = new long[array.GetArrayLength()];
        var i = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (!item.TryGetInt64(out numbers[i]) || numbers[i++] < 0)
            {
                return false;
            }
        }
        return true;
    }

    private static void CheckRanges(List<(long Begin, long End)> ranges, long dataLength)
    {
        var position = 0L;
        foreach (var (begin, end) in ranges.Order())
        {
            if (begin != position)
            {
                throw Refused.Unrecognised("The safetensors file's tensors overlap or leave a hole.");
            }
            position = end;
        }
        if (position != dataLength)
        {
            throw Refused.Unrecognised("The safetensors file goes on after its last tensor.");
        }
    }
}
