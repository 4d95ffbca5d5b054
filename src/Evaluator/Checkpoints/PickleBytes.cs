using System.Buffers.Binary;
using System.Text;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>The bytes of a pickle, read in order; every length is checked before it is used.</summary>
/// <param name="pickle">One pickle, or several one after another.</param>
/// <param name="limit">The most that is ever given here: a longer pickle ends as too large, not as cut.</param>
internal sealed class PickleBytes(ReadOnlyMemory<byte> pickle, int limit)
{
    /// <summary>Number of bytes read so far.</summary>
    public int Position { get; private set; }

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public string Text(ulong length) => Encoding.UTF8.GetString(Take(length));

    /// <summary>Text up to a line feed, which is read too.</summary>
    public string Line()
    {
        var rest = pickle.Span[Position..];
        var length = rest.IndexOf((byte)'\n');
        var line = Text(length < 0 ? (ulong)rest.Length + 1 : (ulong)length);
        Position++;
        return line;
    }

    public ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(pickle.Length - Position))
        {
            throw pickle.Length < limit
                ? Refused.Truncated("The file ends within its pickle.")
                : Refused.TooLarge($"The pickle is longer than {limit} bytes.");
        }
        var bytes = pickle.Span.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }
}
