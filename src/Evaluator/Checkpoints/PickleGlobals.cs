using System.Text;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// The allow-list of the restricted unpickler. A name outside it ends the reading; a name within it is a function of
/// ours, never the one that the file means.
/// </summary>
internal static class PickleGlobals
{
    private static readonly Dictionary<string, PickleGlobal> Allowed = new(
    [
        .. TensorRebuilding.Functions,
        .. PickleBystanders.Names,
        new("collections.OrderedDict", new(OrderedDict)),
        new("collections.deque", new(Collection)),
        new("builtins.set", new(Collection)),
        new("builtins.frozenset", new(Collection)),
        new("_codecs.encode", new(Encode)),
        // Below protocol 3 Python 3 calls this for bytes that are empty, and encodes the others.
        new("builtins.bytes", new(args => args.Length == 0 ? [] : Argument<byte[]>(args, 0))),
        new("torch.Size", new(args => args.Length == 0 ? args : args[0])),
        new("numpy.dtype", new(args => new NumpyDtype(args.FirstOrDefault() as string ?? ""))),
        new("numpy.core.multiarray.scalar", new(NumpyDtype.Scalar)),
        new("numpy.core.multiarray._reconstruct", new(_ => new NumpyArray()) { IsOpaque = true }),
        new("numpy.core.numeric._frombuffer", new(NumpyArray.OfBuffer)),
    ]);

    /// <summary>What stands for <paramref name="module"/>.<paramref name="name"/>, or the end of the reading.</summary>
    public static object Resolve(string module, string name)
    {
        var full = $"{Today(module)}.{name}";
        if (Allowed.TryGetValue(full, out var allowed))
        {
            return allowed;
        }
        if (TensorRebuilding.WhyUnread(full) is { } reason)
        {
            throw Refused.Unrecognised($"The file holds {reason} ({Refused.Quote(full)}).");
        }
        var dtype = module switch
        {
            "torch" => TensorDtype.OfStorage(name) ?? TensorDtype.OfName(name),
            "torch.cuda" or "torch.storage" => TensorDtype.OfStorage(name),
            _ => null,
        };
        return dtype ?? throw Refused.Unsafe(
            $"The pickle asks for {Refused.Quote($"{module}.{name}")}, which is code and not data; nothing of it was "
            + "run. " + Refused.SendInstead);
    }

    public static T Argument<T>(object?[] args, int index) => index < args.Length && args[index] is T value
        ? value
        : throw Refused.Unrecognised($"The pickle is damaged: argument {index} of a call is no {typeof(T).Name}.");

    public static IReadOnlyList<object?> Sequence(object? value) => value as IReadOnlyList<object?>
        ?? throw Refused.Unrecognised("The pickle is damaged: a list was expected.");

    // Modules that other versions of Python, numpy and PyTorch call by another name.
    private static string Today(string module) => module switch
    {
        "__builtin__" => "builtins",
        "pathlib._local" => "pathlib",
        "torch.tensor" => "torch._tensor",
        "numpy._core.multiarray" => "numpy.core.multiarray",
        "numpy._core.numeric" => "numpy.core.numeric",
        _ => module,
    };

    // Python 2 writes the pairs as an argument, Python 3 sets them afterwards.
    private static PickleDict OrderedDict(object?[] args)
    {
        var dict = new PickleDict();
        foreach (var pair in args.Length == 0 ? [] : Argument<List<object?>>(args, 0))
        {
            var items = Sequence(pair);
            if (items.Count != 2)
            {
                throw Refused.Unrecognised("The pickle is damaged: an OrderedDict's item is no pair.");
            }
            dict.Set(items[0], items[1]);
        }
        return dict;
    }

    private static List<object?> Collection(object?[] args) => args.Length == 0 ? [] : [.. Sequence(args[0])];

    private static byte[] Encode(object?[] args)
    {
        var text = Argument<string>(args, 0);
        return args is [_, "latin1" or "latin-1"] && text.All(c => c <= byte.MaxValue)
            ? Encoding.Latin1.GetBytes(text)
            : throw Refused.Unrecognised("The pickle is damaged: bytes are encoded in an unknown way.");
    }
}
