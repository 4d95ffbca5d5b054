using System.Buffers.Binary;
using System.Text.Json;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>A tensor to be written: its bytes come afterwards, in the order in which tensors were announced.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Dtype">Its element type.</param>
/// <param name="Shape">Its sizes.</param>
internal sealed record AnnouncedTensor(string Name, TensorDtype Dtype, IReadOnlyList<long> Shape)
{
    public long ByteCount => Shape.Aggregate(1L, (product, size) => checked(product * size)) * Dtype.Bits / 8;
}

/// <summary>
/// Writes a safetensors file as a stream: first the header with every tensor announced, then their bytes, little-endian
/// and row-major, as they come. Nothing is held in memory. A file that got too few or too many bytes is an error.
/// </summary>
internal sealed class SafetensorsWriter
{
    private readonly Stream stream;
    private long missing;

    /// <param name="stream">Where to write; stays open.</param>
    /// <param name="tensors">Every tensor of the file, in order.</param>
    /// <param name="metadata">Free text that readers of the format show.</param>
    public SafetensorsWriter(
        Stream stream, IReadOnlyList<AnnouncedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        this.stream = stream;
        missing = tensors.Sum(tensor => tensor.ByteCount);
        WriteHeader(tensors, metadata);
    }

    /// <summary>Writes the next bytes of the tensors.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > missing)
        {
            throw new InvalidOperationException("More bytes than the announced tensors have.");
        }
        stream.Write(bytes);
        missing -= bytes.Length;
    }

    /// <summary>Ends the file; throws if bytes are missing.</summary>
    public void Complete()
    {
        if (missing != 0)
        {
            throw new InvalidOperationException($"{missing} bytes of the announced tensors were not written.");
        }
        stream.Flush();
    }

    private void WriteHeader(IReadOnlyList<AnnouncedTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            if (metadata != null)
            {
                json.WritePropertyName("__metadata__");
                JsonSerializer.Serialize(json, metadata);
            }
            var offset = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Dtype.Safetensors);
                json.WritePropertyName("shape");
                JsonSerializer.Serialize(json, tensor.Shape);
                json.WritePropertyName("data_offsets");
                JsonSerializer.Serialize(json, new[] { offset, offset + tensor.ByteCount });
                json.WriteEndObject();
                offset += tensor.ByteCount;
            }
            json.WriteEndObject();
        }
        // Padded to eight bytes with spaces, so that the tensors are aligned for those who map the file.
        while (header.Length % 8 != 0)
        {
            header.WriteByte((byte)' ');
        }
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        header.WriteTo(stream);
    }
}
