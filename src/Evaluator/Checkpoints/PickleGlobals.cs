using System.Text;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>A name that a pickle may call, and what stands for the call here: plain data, made by us.</summary>
internal sealed record PickleGlobal(Func<object?[], object?> Call);

/// <summary>Something a pickle describes that no network needs: a numpy number, a device.</summary>
internal sealed record PickleOpaque(string Name);

/// <summary>
/// The allow-list of the restricted unpickler. A name outside it ends the reading; a name within it is a function of
/// ours, never the one that the file means.
/// </summary>
internal static class PickleGlobals
{
    private const int MaxRank = 64;

    private static readonly Dictionary<string, PickleGlobal> Allowed = new()
    {
        ["collections.OrderedDict"] = new(OrderedDict),
        ["torch._utils._rebuild_tensor"] = new(RebuildTensor),
        ["torch._utils._rebuild_tensor_v2"] = new(RebuildTensor),
        ["torch._utils._rebuild_tensor_v3"] = new(RebuildTypedTensor),
        ["torch._utils._rebuild_parameter"] = new(args => Argument<StoredTensor>(args, 0)),
        ["torch._utils._rebuild_parameter_with_state"] = new(args => Argument<StoredTensor>(args, 0)),
        ["torch.Size"] = new(args => args.Length == 0 ? args : args[0]),
        ["torch.device"] = Opaque("torch.device"),
        ["_codecs.encode"] = new(Encode),
        ["numpy.dtype"] = Opaque("numpy.dtype"),
        ["numpy.ndarray"] = Opaque("numpy.ndarray"),
        ["numpy.core.multiarray.scalar"] = Opaque("numpy scalar"),
        ["numpy._core.multiarray.scalar"] = Opaque("numpy scalar"),
        ["numpy.core.multiarray._reconstruct"] = Opaque("numpy array"),
        ["numpy._core.multiarray._reconstruct"] = Opaque("numpy array"),
        ["numpy.core.numeric._frombuffer"] = Opaque("numpy array"),
        ["numpy._core.numeric._frombuffer"] = Opaque("numpy array"),
        ["__builtin__.set"] = new(Collection),
        ["builtins.set"] = new(Collection),
        ["__builtin__.frozenset"] = new(Collection),
        ["builtins.frozenset"] = new(Collection),
        ["__builtin__.bytearray"] = Opaque("bytearray"),
        ["builtins.bytearray"] = Opaque("bytearray"),
    };

    /// <summary>What stands for <paramref name="module"/>.<paramref name="name"/>, or the end of the reading.</summary>
    public static object Resolve(string module, string name)
    {
        var full = $"{module}.{name}";
        if (Allowed.TryGetValue(full, out var allowed))
        {
            return allowed;
        }
        var dtype = module switch
        {
            "torch" => TensorDtype.OfStorage(name) ?? TensorDtype.OfName(name),
            "torch.cuda" or "torch.storage" => TensorDtype.OfStorage(name),
            _ => null,
        };
        return dtype ?? throw Refused.Unsafe(
            $"The pickle asks for {Refused.Quote(full)}, which is code and not data; nothing of it was run. "
            + Refused.SendInstead);
    }

    public static T Argument<T>(object?[] args, int index) => index < args.Length && args[index] is T value
        ? value
        : throw Refused.Unrecognised($"The pickle is damaged: argument {index} of a call is no {typeof(T).Name}.");

    private static PickleGlobal Opaque(string name) => new(_ => new PickleOpaque(name));

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

    // (storage, storage_offset, size, stride[, requires_grad, backward_hooks[, metadata]]): torch/_utils.py.
    private static StoredTensor RebuildTensor(object?[] args)
    {
        var view = Argument<StorageView>(args, 0);
        if (view.Storage.Dtype == TensorDtype.Untyped)
        {
            throw Refused.Unrecognised("The pickle is damaged: a tensor has no element type.");
        }
        return StoredTensor.Of(view.Storage.Dtype, Sizes(args, 2), Sizes(args, 3), Argument<long>(args, 1), view);
    }

    // (storage, storage_offset, size, stride, requires_grad, backward_hooks, dtype, metadata)
    private static StoredTensor RebuildTypedTensor(object?[] args) => StoredTensor.Of(
        Argument<TensorDtype>(args, 6), Sizes(args, 2), Sizes(args, 3), Argument<long>(args, 1),
        Argument<StorageView>(args, 0));

    private static long[] Sizes(object?[] args, int index)
    {
        var sizes = Sequence(index < args.Length ? args[index] : null);
        return sizes.Count <= MaxRank && sizes.All(size => size is long)
            ? [.. sizes.Select(size => (long)size!)]
            : throw Refused.Unrecognised("The pickle is damaged: a tensor's sizes are none.");
    }

    private static IReadOnlyList<object?> Sequence(object? value) => value as IReadOnlyList<object?>
        ?? throw Refused.Unrecognised("The pickle is damaged: a list was expected.");
}
