namespace Leaderboard.Shared.Checkpoints;

/// <summary>
/// The formats of checkpoint files, told apart by their first bytes alone. What is inside is read only by a
/// sandboxed runner.
/// </summary>
public static class CheckpointFormat
{
    public const string Safetensors = "safetensors";

    /// <summary>A zip made by <c>torch.save</c> or <c>torch.jit.save</c>; which of the two, inspection says.</summary>
    public const string TorchZip = "torch_zip";

    /// <summary>A bare pickle stream: <c>torch.save</c> before 2020.</summary>
    public const string TorchLegacy = "torch_legacy";

    /// <summary>ONNX: a protocol buffer with a graph of operators and its weights.</summary>
    public const string Onnx = "onnx";

    /// <summary>Number of leading bytes that <see cref="Sniff"/> looks at.</summary>
    public const int SniffLength = 10;

    /// <summary>The format, or null for a file that is none of them.</summary>
    public static string? Sniff(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("PK\x03\x04"u8))
        {
            return TorchZip;
        }
        // PROTO opcode and a protocol from 2 to 5: a pickle stream.
        if (head.Length >= 2 && head[0] == 0x80 && head[1] is >= 2 and <= 5)
        {
            return TorchLegacy;
        }
        // Little-endian length of a JSON header, which starts with a brace; the format limits it to 100 MB.
        if (head.Length >= 9 && head[8] == (byte)'{' && BitConverter.ToUInt64(head) is > 1 and <= 100_000_000)
        {
            return Safetensors;
        }
        // ModelProto of onnx.proto: field 1, the version of its form, as every exporter writes it first; then one of the
        // fields that name the producer, hold the graph or list the operator sets.
        if (head.Length >= 3 && head[0] == 0x08 && head[1] is >= 1 and <= 0x7f
            && head[2] is (0x12 or 0x1a or 0x22 or 0x28 or 0x32 or 0x3a or 0x42))
        {
            return Onnx;
        }
        return null;
    }
}
