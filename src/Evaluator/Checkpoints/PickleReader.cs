using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// A restricted unpickler, protocols 2 to 5. It builds numbers, strings, bytes, lists, tuples, dicts and stored tensors
/// and nothing else: it imports nothing, calls only <see cref="PickleGlobals"/>, allocates nothing that the stream does
/// not hold, and keeps its own stack, so that depth costs no more than length.
/// </summary>
/// <param name="pickle">One pickle, or several one after another.</param>
/// <param name="openStorage">Gives the storage that a persistent id stands for.</param>
internal sealed class PickleReader(ReadOnlyMemory<byte> pickle, Func<object?[], StorageView> openStorage)
{
    /// <summary>Most bytes of pickle that are read: far more than the names of any network, and little memory.</summary>
    public const int MaxBytes = 16 << 20;

    private readonly Stack<List<object?>> marks = new();
    private readonly Dictionary<uint, object?> memo = [];
    private long calledOn;
    private List<object?> stack = [];

    /// <summary>Number of bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Reads the next pickle.</summary>
    public object? Read()
    {
        marks.Clear();
        memo.Clear();
        stack = [];
        while (true)
        {
            var opcode = Byte();
            if (opcode == (byte)'.')
            {
                return Pop();
            }
            Execute(opcode);
        }
    }

    // Opcodes: Lib/pickletools.py of CPython 3.13.
    private void Execute(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: Protocol(); break;
            case 0x95: Take(8); break;
            case (byte)'(': marks.Push(stack); stack = []; break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopMark(); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push((long)(int)UInt32()); break;
            case (byte)'K': Push((long)Byte()); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 0x8a: Integer(Take(Byte())); break;
            case 0x8b: Integer(Take(UInt32())); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case (byte)'U' or 0x8c: Push(Text(Byte())); break;
            case (byte)'T' or (byte)'X': Push(Text(UInt32())); break;
            case 0x8d: Push(Text(UInt64())); break;
            case (byte)'C': Push(Take(Byte()).ToArray()); break;
            case (byte)'B': Push(Take(UInt32()).ToArray()); break;
            case 0x8e or 0x96: Push(Take(UInt64()).ToArray()); break;
            case (byte)']' or 0x8f: Push(new List<object?>()); break;
            case (byte)'l' or 0x91: Push(PopMark()); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e' or 0x90: Append(PopMark()); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case (byte)'t': Push(PopMark().ToArray()); break;
            case 0x85: Tuple(1); break;
            case 0x86: Tuple(2); break;
            case 0x87: Tuple(3); break;
            case (byte)'}': Push(new PickleDict()); break;
            case (byte)'d': Dict(); break;
            case (byte)'s': SetItem(); break;
            case (byte)'u': SetItems(PopMark()); break;
            case (byte)'h': Push(Recall(Byte())); break;
            case (byte)'j': Push(Recall(UInt32())); break;
            case (byte)'q': memo[Byte()] = Top(); break;
            case (byte)'r': memo[UInt32()] = Top(); break;
            case 0x94: memo[(uint)memo.Count] = Top(); break;
            case (byte)'c': Push(PickleGlobals.Resolve(Line(), Line())); break;
            case 0x93: StackGlobal(); break;
            case (byte)'R' or 0x81: Call(); break;
            // An object's attributes: an OrderedDict's _metadata, a numpy type's byte order. Not needed, and not kept.
            case (byte)'b': Pop(); Top(); break;
            case (byte)'Q': Push(openStorage(Pop<object?[]>())); break;
            default: throw Damaged($"opcode 0x{opcode:x2} is not read here");
        }
    }

    private static EvaluationFailedException Damaged(string how) => Refused.Unrecognised($"The pickle is damaged: {how}.");

    private void Protocol()
    {
        var protocol = Byte();
        if (protocol is < 2 or > 5)
        {
            throw Damaged($"protocol {protocol} is not read here");
        }
    }

    private void Tuple(int length)
    {
        var items = new object?[length];
        for (var i = length - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }
        Push(items);
    }

    private void Append(List<object?> items)
    {
        if (Top() is not List<object?> list)
        {
            throw Damaged("something is appended to no list");
        }
        list.AddRange(items);
    }

    private void Dict()
    {
        var items = PopMark();
        Push(new PickleDict());
        SetItems(items);
    }

    private void SetItem()
    {
        var value = Pop();
        SetItems([Pop(), value]);
    }

    private void SetItems(List<object?> items)
    {
        if (Top() is not PickleDict dict || items.Count % 2 != 0)
        {
            throw Damaged("something is set in no dict");
        }
        for (var i = 0; i < items.Count; i += 2)
        {
            dict.Set(items[i], items[i + 1]);
        }
    }

    private void StackGlobal()
    {
        var name = Pop<string>();
        Push(PickleGlobals.Resolve(Pop<string>(), name));
    }

    private void Call()
    {
        var args = Pop<object?[]>();
        // A call copies what it is given; without a bound, a few bytes could have one long list copied over and over.
        calledOn += args.Sum(arg => arg switch
        {
            string text => text.Length,
            IReadOnlyList<object?> list => list.Count,
            _ => 1,
        });
        if (calledOn > pickle.Length)
        {
            throw Damaged("it calls on the same data over and over");
        }
        Push(Pop<PickleGlobal>().Call(args));
    }

    private object? Recall(uint index) =>
        memo.TryGetValue(index, out var value) ? value : throw Damaged("it recalls what it never kept");

    // PopMark changes which list is the stack: what is pushed must be evaluated before that list is.
    private void Push(object? value) => stack.Add(value);

    private object? Top() => stack.Count > 0 ? stack[^1] : throw Damaged("its stack is empty");

    private object? Pop()
    {
        var value = Top();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private T Pop<T>() => Pop() is T value ? value : throw Damaged($"{typeof(T).Name} was expected");

    private List<object?> PopMark()
    {
        var items = stack;
        stack = marks.Count > 0 ? marks.Pop() : throw Damaged("its stack has no mark");
        return items;
    }

    private void Integer(ReadOnlySpan<byte> bytes)
    {
        var value = new BigInteger(bytes);
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            Push((long)value);
        }
        else
        {
            Push(value);
        }
    }

    private string Text(ulong length) => Encoding.UTF8.GetString(Take(length));

    private string Line()
    {
        var rest = pickle.Span[Position..];
        var length = rest.IndexOf((byte)'\n');
        var line = Text(length < 0 ? (ulong)rest.Length + 1 : (ulong)length);
        Position++;
        return line;
    }

    private byte Byte() => Take(1)[0];

    private uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(pickle.Length - Position))
        {
            throw pickle.Length < MaxBytes
                ? Refused.Truncated("The file ends within its pickle.")
                : Refused.TooLarge($"The pickle is longer than {MaxBytes} bytes.");
        }
        var bytes = pickle.Span.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }
}
