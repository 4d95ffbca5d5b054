using System.Text;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// A zip made by <c>torch.save</c> since PyTorch 1.6 (<c>data.pkl</c> and <c>data/&lt;key&gt;</c> in one folder), or by
/// <c>torch.jit.save</c>, which is a program.
/// </summary>
internal sealed class TorchArchive
{
    private readonly Dictionary<string, ZipEntry> entries;
    private readonly Dictionary<string, StoredBytes> opened = []; // once: a compressed entry is unpacked into memory
    private readonly Dictionary<(string Key, TensorDtype Dtype), TensorStorage> storages = [];
    private bool isBigEndian;

    private TorchArchive(Dictionary<string, ZipEntry> entries) => this.entries = entries;

    /// <summary>Whether it holds code, as <c>torch.jit.save</c> writes it.</summary>
    public bool IsProgram => entries.ContainsKey("constants.pkl") && entries.Keys.Any(
        name => name.StartsWith("code/", StringComparison.Ordinal));

    public static TorchArchive Open(IReadOnlyList<ZipEntry> listed)
    {
        var folders = listed.Select(entry => entry.Name.Split('/')[0]).Distinct().ToList();
        if (folders is not [var folder] || !listed.Any(entry => entry.Name == $"{folder}/data.pkl"))
        {
            throw Refused.Unrecognised("The zip is none of torch.save's: it has no data.pkl in its one folder.");
        }
        return new TorchArchive(listed
            .Where(entry => entry.Name.Length > folder.Length)
            .ToDictionary(entry => entry.Name[(folder.Length + 1)..]));
    }

    /// <summary>Checks every entry against its checksum.</summary>
    public void Verify()
    {
        foreach (var entry in entries.Values)
        {
            entry.Open();
        }
    }

    /// <summary>What was given to <c>torch.save</c>.</summary>
    public object? Read()
    {
        isBigEndian = IsBigEndian();
        var pickle = entries["data.pkl"].Open().ReadAll(PickleReader.MaxBytes, "data.pkl");
        return new PickleReader(pickle, OpenStorage).Read();
    }

    // PyTorch 2.1 and later write it; earlier ones knew no other order than the machine's.
    private bool IsBigEndian() =>
        entries.TryGetValue("byteorder", out var byteOrder)
        && Encoding.ASCII.GetString(byteOrder.Open().ReadAll(64, "byteorder")) switch
        {
            "little" => false,
            "big" => true,
            _ => throw Refused.Unrecognised("The file says an unknown byte order; save it again."),
        };

    // ('storage', storage type, key, device it lay on, number of elements): torch/serialization.py, `_save`.
    private StorageView OpenStorage(object?[] id)
    {
        var dtype = PickleGlobals.Argument<TensorDtype>(id, 1);
        var key = PickleGlobals.Argument<string>(id, 2);
        var count = PickleGlobals.Argument<long>(id, 4);
        if (!storages.TryGetValue((key, dtype), out var storage))
        {
            storage = new TensorStorage(dtype, count, isBigEndian) { Bytes = OpenEntry(key) };
            storages[(key, dtype)] = storage;
        }
        if (count != storage.Count || storage.Bytes!.Length != (Int128)count * dtype.Bytes)
        {
            throw Refused.Unrecognised($"The storage {Refused.Quote(key)} has another size than the pickle says.");
        }
        return new StorageView(storage, 0, count);
    }

    private StoredBytes OpenEntry(string key)
    {
        if (!opened.TryGetValue(key, out var bytes))
        {
            opened[key] = bytes = entries.TryGetValue($"data/{key}", out var entry)
                ? entry.Open()
                : throw Refused.Unrecognised($"The storage {Refused.Quote(key)} is missing from the zip.");
        }
        return bytes;
    }
}
