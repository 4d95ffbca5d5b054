using System.Buffers.Binary;
using System.Numerics;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// A file of <c>torch.save</c> before PyTorch 1.6: pickles of a magic number, the protocol, the machine, the object and
/// the storages' keys, then the storages raw, each after its length.
/// </summary>
internal sealed class TorchLegacyFile
{
    private const long ProtocolVersion = 1001;

    // torch/serialization.py, MAGIC_NUMBER and `_legacy_load`.
    private static readonly BigInteger MagicNumber =
        BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    private readonly StoredBytes file;
    private readonly Dictionary<string, TensorStorage> storages = [];

    private TorchLegacyFile(StoredBytes file) => this.file = file;

    /// <summary>What was given to <c>torch.save</c>.</summary>
    public static object? Read(StoredBytes file) => new TorchLegacyFile(file).Read();

    private object? Read()
    {
        var head = new byte[Math.Min(file.Length, PickleReader.MaxBytes)];
        file.Read(0, head);
        var reader = new PickleReader(head, OpenStorage);
        if (reader.Read() is not BigInteger magic || magic != MagicNumber)
        {
            throw Refused.Unrecognised(
                "The file is a plain pickle, not one of torch.save. " + Refused.SendInstead);
        }
        if (reader.Read() is not ProtocolVersion)
        {
            throw Refused.Unrecognised("The file is of an unknown version of torch.save.");
        }
        CheckMachine(reader.Read());
        var saved = reader.Read();
        PlaceStorages(reader.Read(), reader.Position);
        return saved;
    }

    private static void CheckMachine(object? machine)
    {
        if (machine is PickleDict sizes && sizes.Named.Any(item => item is ("little_endian", false)))
        {
            throw Refused.Unrecognised("The file was saved on a big-endian machine; save it again on another.");
        }
    }

    // ('storage', storage type, key, device it lay on, number of elements[, None or (key, offset, size) of a view])
    private StorageView OpenStorage(object?[] id)
    {
        var dtype = PickleGlobals.Argument<TensorDtype>(id, 1);
        var key = Key(id.ElementAtOrDefault(2));
        var count = PickleGlobals.Argument<long>(id, 4);
        if (count < 0 || (Int128)count * dtype.Bytes > file.Length)
        {
            throw Refused.Truncated($"The storage {Refused.Quote(key)} is larger than the file.");
        }
        if (!storages.TryGetValue(key, out var storage))
        {
            storage = new TensorStorage(dtype, count);
            storages[key] = storage;
        }
        if (storage.Dtype != dtype || storage.Count != count)
        {
            throw Refused.Unrecognised($"The storage {Refused.Quote(key)} has two types or sizes.");
        }
        if (id.ElementAtOrDefault(5) is not object?[] view)
        {
            return new StorageView(storage, 0, count);
        }
        long first = PickleGlobals.Argument<long>(view, 1), length = PickleGlobals.Argument<long>(view, 2);
        return first >= 0 && length >= 0 && length <= count && first <= count - length
            ? new StorageView(storage, first, length)
            : throw Refused.Unrecognised($"A view reaches beyond the storage {Refused.Quote(key)}.");
    }

    private void PlaceStorages(object? keys, long position)
    {
        var length = new byte[sizeof(long)];
        foreach (var key in (keys as List<object?> ?? []).Select(Key))
        {
            if (!storages.TryGetValue(key, out var storage) || storage.Bytes != null)
            {
                throw Refused.Unrecognised($"The storage {Refused.Quote(key)} belongs to no tensor.");
            }
            file.Read(position, length);
            position += length.Length;
            if (BinaryPrimitives.ReadInt64LittleEndian(length) != storage.Count)
            {
                throw Refused.Unrecognised($"The storage {Refused.Quote(key)} has another size than the pickle says.");
            }
            var bytes = storage.Count * storage.Dtype.Bytes;
            if (bytes > file.Length - position)
            {
                throw Refused.Truncated($"The file ends within the storage {Refused.Quote(key)}.");
            }
            storage.Bytes = file.Slice(position, bytes);
            position += bytes;
        }
        if (storages.FirstOrDefault(storage => storage.Value.Bytes == null) is { Key: { } missing })
        {
            throw Refused.Unrecognised($"The storage {Refused.Quote(missing)} is missing from the file.");
        }
    }

    // Python 2 wrote numbers or bytes where Python 3 writes strings.
    private static string Key(object? key) => key switch
    {
        string text => text,
        long number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => throw Refused.Unrecognised("The pickle is damaged: a storage has no key."),
    };
}
