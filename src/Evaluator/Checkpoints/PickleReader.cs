using System.Globalization;
using System.Numerics;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// A restricted unpickler, protocols 1 to 5. It builds numbers, strings, bytes, lists, tuples, dicts and stored tensors
/// and nothing else: it imports nothing, calls only <see cref="PickleGlobals"/>, allocates nothing that the stream does
/// not hold, and keeps its own stack, so that depth costs no more than length.
/// </summary>
/// <param name="pickle">One pickle, or several one after another.</param>
/// <param name="openStorage">Gives the storage that a persistent id stands for.</param>
internal sealed class PickleReader(ReadOnlyMemory<byte> pickle, Func<object?[], StorageView> openStorage)
{
    /// <summary>Most bytes of pickle that are read: far more than any network needs, and little memory.</summary>
    public const int MaxBytes = 16 << 20;

    // PyTorch's magic number has 24; the time to read digits grows with their square.
    private const int MaxDigits = 100;

    private readonly PickleBudget budget = new(pickle.Length);
    private readonly PickleBytes bytes = new(pickle, MaxBytes);
    private readonly Stack<List<object?>> marks = new();
    private readonly Dictionary<uint, object?> memo = [];
    private List<object?> stack = [];

    /// <summary>Number of bytes read so far.</summary>
    public int Position => bytes.Position;

    /// <summary>Reads the next pickle.</summary>
    public object? Read()
    {
        marks.Clear();
        memo.Clear();
        stack = [];
        while (true)
        {
            var opcode = bytes.Byte();
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
            case 0x95: bytes.Take(8); break;
            case (byte)'(': marks.Push(stack); stack = []; break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopMark(); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push((long)(int)bytes.UInt32()); break;
            case (byte)'K': Push((long)bytes.Byte()); break;
            case (byte)'M': Push((long)bytes.UInt16()); break;
            case 0x8a: Integer(new BigInteger(bytes.Take(bytes.Byte()))); break;
            case 0x8b: Integer(new BigInteger(bytes.Take(bytes.UInt32()))); break;
            case (byte)'I' or (byte)'L': Integer(bytes.Line()); break;
            case (byte)'G': Push(bytes.Double()); break;
            case (byte)'U' or 0x8c: Push(bytes.Text(bytes.Byte())); break;
            case (byte)'T' or (byte)'X': Push(bytes.Text(bytes.UInt32())); break;
            case 0x8d: Push(bytes.Text(bytes.UInt64())); break;
            case (byte)'C': Push(bytes.Take(bytes.Byte()).ToArray()); break;
            case (byte)'B': Push(bytes.Take(bytes.UInt32()).ToArray()); break;
            case 0x8e or 0x96: Push(bytes.Take(bytes.UInt64()).ToArray()); break;
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
            case (byte)'h': Push(Recall(bytes.Byte())); break;
            case (byte)'j': Push(Recall(bytes.UInt32())); break;
            case (byte)'q': memo[bytes.Byte()] = Top(); break;
            case (byte)'r': memo[bytes.UInt32()] = Top(); break;
            case 0x94: memo[(uint)memo.Count] = Top(); break;
            case (byte)'c': Push(PickleGlobals.Resolve(bytes.Line(), bytes.Line())); break;
            case 0x93: StackGlobal(); break;
            case (byte)'R' or 0x81: Call(); break;
            case (byte)'b': Build(Pop()); break;
            case (byte)'Q': OpenStorage(Pop<object?[]>()); break;
            default: throw Damaged($"opcode 0x{opcode:x2} is not read here");
        }
    }

    private static EvaluationFailedException Damaged(string how) =>
        Refused.Unrecognised($"The pickle is damaged: {how}.");

    private void Protocol()
    {
        var protocol = bytes.Byte();
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
            budget.SpendOnKey(items[i]);
            dict.Set(items[i], items[i + 1]);
        }
    }

    private void OpenStorage(object?[] id)
    {
        budget.SpendOnKey(id.ElementAtOrDefault(2)); // its place in every version
        Push(openStorage(id));
    }

    private void StackGlobal()
    {
        var name = Pop<string>();
        Push(PickleGlobals.Resolve(Pop<string>(), name));
    }

    private void Call()
    {
        var args = Pop<object?[]>();
        var (function, given) = TensorRebuilding.Unwrap(Pop<PickleGlobal>(), args);
        if (!function.IsOpaque)
        {
            budget.SpendOnCall(given);
        }
        Push(function.Call(given));
    }

    // Objects' attributes, an OrderedDict's _metadata for one, are not needed and not kept; numpy's data are in them.
    private void Build(object? state)
    {
        switch (Top())
        {
            case NumpyDtype dtype: dtype.SetState(state); break;
            case NumpyArray array: array.SetState(state); break;
        }
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

    // As text: what needs over 32 bits in protocol 1, and in protocol 2 of Python 2; all of Python 2's longs in protocol 1.
    // Truth values of protocol 1 are '00' and '01'.
    private void Integer(string line)
    {
        var digits = line.TrimEnd('L');
        if (line is "00" or "01")
        {
            Push(line == "01");
        }
        else if (digits.Length <= MaxDigits && BigInteger.TryParse(
            digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            Integer(value);
        }
        else
        {
            throw Damaged("a number is none");
        }
    }

    private void Integer(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            Push((long)value);
        }
        else
        {
            Push(value);
        }
    }
}
