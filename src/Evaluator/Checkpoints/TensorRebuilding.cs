using static Leaderboard.Evaluator.Checkpoints.PickleGlobals;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// The functions that PyTorch's pickles call to make tensors, from 0.1 to 2.9: torch/_utils.py, torch/_tensor.py and
/// torch/nn/parameter.py of these versions.
/// </summary>
internal static class TensorRebuilding
{
    private const int MaxRank = 64;

    private const string SaveFloats = "save its floating-point weights";

    private static readonly PickleGlobal OfItself = new(args => Argument<StoredTensor>(args, 0));
    private static readonly PickleGlobal OfStorage = new(RebuildTensor) { RebuildsTensor = true };

    // A tensor of a subclass, or with attributes of its own: only `Unwrap` reads its call.
    private static readonly PickleGlobal OfType = new(_ => throw Refused.Unrecognised("The pickle is damaged."));

    public static IEnumerable<KeyValuePair<string, PickleGlobal>> Functions { get; } =
    [
        new("torch._utils._rebuild_tensor", OfStorage), // until 0.3
        new("torch._utils._rebuild_tensor_v2", OfStorage), // since 0.4
        // Since 1.13, of an untyped storage, for dtypes that never had a storage class.
        new("torch._utils._rebuild_tensor_v3", new(RebuildTypedTensor) { RebuildsTensor = true }),
        new("torch._tensor._rebuild_from_type", OfType), // since 1.7
        new("torch._tensor._rebuild_from_type_v2", OfType), // since 1.11
        new("torch._utils._rebuild_parameter", OfItself with { RebuildsTensor = true }), // since 1.0
        new("torch._utils._rebuild_parameter_with_state", OfItself with { RebuildsTensor = true }), // since 1.12
        // (tensor[, requires_grad]): classes that were called themselves, or that a tensor of a subclass names.
        new("torch.autograd.variable.Variable", OfItself), // until 0.3
        new("torch.nn.parameter.Parameter", OfItself), // until 0.4
        new("torch.nn.parameter.Buffer", OfItself), // since 2.5
        // (tensor, dtype, device, requires_grad), of devices without storages, such as XLA's.
        new("torch._utils._rebuild_device_tensor_from_cpu_tensor", OfItself with { RebuildsTensor = true }),
        new("torch._utils._rebuild_device_tensor_from_numpy", new(RebuildArray) { RebuildsTensor = true }),
        new("torch._utils._rebuild_xla_tensor", new(RebuildArray)),
    ];

    /// <summary>Why a kind of tensor is not read; null where <paramref name="name"/> is none.</summary>
    public static string? WhyUnread(string name) => name switch
    {
        "torch._utils._rebuild_qtensor" => $"a quantised tensor; {SaveFloats}",
        "torch._utils._rebuild_sparse_tensor" or "torch._utils._rebuild_sparse_csr_tensor" =>
            "a sparse tensor; save it dense",
        "torch._utils._rebuild_nested_tensor" => "a nested tensor; save its parts",
        "torch._utils._rebuild_meta_tensor_no_storage" =>
            "a tensor of the device 'meta', which has no numbers; save the weights themselves",
        "torch._utils._rebuild_wrapper_subclass" => $"a tensor that wraps others; {SaveFloats}",
        "torch.distributed.tensor.DTensor" or "torch.distributed._tensor.api.DTensor"
            or "torch.distributed._shard.sharded_tensor.api.ShardedTensor" =>
            "a tensor of which each process has a part; gather the state dict before saving it",
        _ => null,
    };

    /// <summary>The call that a tensor of a subclass is made by: (function, type, arguments, state).</summary>
    public static (PickleGlobal Function, object?[] Args) Unwrap(PickleGlobal function, object?[] args)
    {
        if (function != OfType)
        {
            return (function, args);
        }
        var inner = Argument<PickleGlobal>(args, 0);
        return inner.RebuildsTensor
            ? (inner, Argument<object?[]>(args, 2))
            : throw Refused.Unrecognised("The pickle is damaged: a tensor is made by something that makes none.");
    }

    // (storage, storage_offset, size, stride[, requires_grad, backward_hooks[, metadata]])
    private static StoredTensor RebuildTensor(object?[] args)
    {
        CheckMetadata(args.ElementAtOrDefault(6));
        var view = Argument<StorageView>(args, 0);
        if (view.Storage.Dtype == TensorDtype.Untyped)
        {
            throw Refused.Unrecognised("The pickle is damaged: a tensor has no element type.");
        }
        return StoredTensor.Of(view.Storage.Dtype, Sizes(args, 2), Sizes(args, 3), Argument<long>(args, 1), view);
    }

    // (storage, storage_offset, size, stride, requires_grad, backward_hooks, dtype[, metadata])
    private static StoredTensor RebuildTypedTensor(object?[] args)
    {
        CheckMetadata(args.ElementAtOrDefault(7));
        return StoredTensor.Of(
            Argument<TensorDtype>(args, 6), Sizes(args, 2), Sizes(args, 3), Argument<long>(args, 1),
            Argument<StorageView>(args, 0));
    }

    // (array, dtype, device, requires_grad). The array of a bfloat16 tensor is float32, its numbers the same.
    private static StoredTensor RebuildArray(object?[] args) => Argument<NumpyArray>(args, 0).ToTensor();

    // Metadata says that the storage's numbers are still to be negated or conjugated.
    private static void CheckMetadata(object? metadata)
    {
        if (metadata is PickleDict { Items.Count: > 0 })
        {
            throw Refused.Unrecognised($"The file holds a tensor whose negation was not carried out; {SaveFloats}.");
        }
    }

    public static long[] Sizes(object?[] args, int index)
    {
        var sizes = Sequence(args.ElementAtOrDefault(index));
        return sizes.Count <= MaxRank && sizes.All(size => size is long)
            ? [.. sizes.Select(size => (long)size!)]
            : throw Refused.Unrecognised("The pickle is damaged: a tensor's sizes are none.");
    }
}
