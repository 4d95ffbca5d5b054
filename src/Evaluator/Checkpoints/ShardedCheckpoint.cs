using System.Text.Json;
using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// Weights in several files beside an index that says which tensor is in which, all in one zip: as Hugging Face's
/// <c>save_pretrained</c> writes a large network (huggingface_hub, serialization/_torch.py, <c>save_torch_state_dict</c>;
/// transformers, modeling_utils.py, <c>shard_checkpoint</c>). The files stand at the top of the zip or in one folder.
/// </summary>
internal static class ShardedCheckpoint
{
    private const int MaxIndexBytes = 16 << 20;
    private const string Safetensors = ".safetensors";
    private const string Pickled = ".bin";
    private const string IndexEnd = ".index.json";

    // What the archiver of macOS puts beside each file: resource forks, under the files' own names.
    private const string MacFolder = "__MACOSX/";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Whether the zip holds an index of shards.</summary>
    public static bool Is(IReadOnlyList<ZipEntry> entries) => entries.Any(IsIndex);

    /// <summary>The tensors of all shards by name; files that hold no weights are listed beside them, without a value.</summary>
    public static PickleDict Read(IReadOnlyList<ZipEntry> entries)
    {
        var indexes = entries.Where(IsIndex).ToList();
        if (indexes is not [var index])
        {
            throw Refused.Ambiguous("The zip holds several sets of weights, each with an index; send one of them: "
                + $"{string.Join(", ", indexes.Take(8).Select(entry => Refused.Quote(entry.Name)))}.");
        }
        var folder = index.Name[..(index.Name.LastIndexOf('/') + 1)];
        var extension = index.Name.EndsWith(Pickled + IndexEnd, StringComparison.Ordinal) ? Pickled : Safetensors;
        var shardOf = ReadIndex(index, extension);
        var shards = FindShards(entries, folder, extension, shardOf.Values.Distinct().Order(StringComparer.Ordinal));

        var tensors = new PickleDict();
        foreach (var shard in shards)
        {
            AddTensors(tensors, shard, shard.Name[folder.Length..], shardOf);
        }
        if (shardOf.FirstOrDefault() is { Key: { } missing } left)
        {
            throw Disagrees($"{Refused.Quote(missing)} is not in {Refused.Quote(left.Value)}");
        }
        ListOthers(tensors, entries.Except(shards).Where(entry => entry != index));
        return tensors;
    }

    private static bool IsIndex(ZipEntry entry) => !entry.Name.StartsWith(MacFolder, StringComparison.Ordinal)
        && (entry.Name.EndsWith(Safetensors + IndexEnd, StringComparison.Ordinal)
            || entry.Name.EndsWith(Pickled + IndexEnd, StringComparison.Ordinal));

    // The index's metadata.total_size is not compared: honest ones are off, because accelerate counted a bool as an
    // eighth of a byte and older writers counted shared tensors twice. Each shard says its own size, and that is checked.
    private static Dictionary<string, string> ReadIndex(ZipEntry entry, string extension)
    {
        try
        {
            using var index = JsonDocument.Parse(entry.Open().ReadAll(MaxIndexBytes, "The index"), Strict);
            var map = index.RootElement.GetProperty("weight_map").EnumerateObject()
                .ToDictionary(item => item.Name, item => item.Value.GetString() ?? "");
            foreach (var file in map.Values.Distinct())
            {
                CheckName(file, extension);
            }
            return map.Count > 0 ? map : throw Refused.Unrecognised("The index names no tensor.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Refused.Unrecognised(
                $"{Refused.Quote(entry.Name)} is no index of shards: it needs one weight_map from each tensor to its file.");
        }
    }

    private static void CheckName(string file, string extension)
    {
        if (file.Contains('/') || file.Contains('\\') || file.Contains(':'))
        {
            throw Refused.Unsafe($"The index names the file {Refused.Quote(file)}; shards lie beside their index.");
        }
        if (!file.EndsWith(extension, StringComparison.Ordinal))
        {
            throw Disagrees($"{Refused.Quote(file)} does not end in {extension}");
        }
    }

    private static List<ZipEntry> FindShards(
        IReadOnlyList<ZipEntry> entries, string folder, string extension, IEnumerable<string> names)
    {
        var rest = entries.ToDictionary(entry => entry.Name);
        var shards = new List<ZipEntry>();
        foreach (var name in names)
        {
            shards.Add(rest.Remove(folder + name, out var shard)
                ? shard
                : throw Disagrees($"{Refused.Quote(name)} is missing from the zip"));
        }
        return rest.Keys.FirstOrDefault(name => IsWeights(name, extension)) is { } unnamed
            ? throw Disagrees($"it does not name {Refused.Quote(unnamed)}")
            : shards;
    }

    // Trainers leave other pickles beside the weights (training_args.bin), which are not read; "-of-" marks a shard.
    private static bool IsWeights(string name, string extension) =>
        !name.StartsWith(MacFolder, StringComparison.Ordinal)
        && name.EndsWith(extension, StringComparison.Ordinal)
        && (extension == Safetensors || name.Contains("-of-", StringComparison.Ordinal));

    // What has been found leaves the map: what stays in it is missing, and what comes twice is not in it any more.
    private static void AddTensors(PickleDict tensors, ZipEntry shard, string file, Dictionary<string, string> shardOf)
    {
        foreach (var (key, value) in ReadShard(shard).Items)
        {
            if (key is not string name || value is not StoredTensor)
            {
                throw Refused.Unrecognised($"The shard {Refused.Quote(file)} holds something else than named tensors.");
            }
            if (!shardOf.Remove(name, out var said) || said != file)
            {
                throw Disagrees($"it does not say that {Refused.Quote(name)} is in {Refused.Quote(file)}");
            }
            tensors.Set(name, value);
        }
    }

    private static PickleDict ReadShard(ZipEntry shard)
    {
        var bytes = shard.Open();
        if (shard.Name.EndsWith(Safetensors, StringComparison.Ordinal))
        {
            return SafetensorsFile.Read(bytes);
        }
        var head = new byte[Math.Min(bytes.Length, CheckpointFormat.SniffLength)];
        bytes.Read(0, head);
        return CheckpointFormat.Sniff(head) switch
        {
            CheckpointFormat.TorchZip => ReadZip(shard, bytes),
            CheckpointFormat.TorchLegacy => TorchLegacyFile.Read(bytes),
            _ => null,
        } as PickleDict ?? throw Refused.Unrecognised($"The shard {Refused.Quote(shard.Name)} is no file of torch.save.");
    }

    // torch.save leaves its zips uncompressed; a compressed one in a zip would unpack to far more than the file's size.
    private static object? ReadZip(ZipEntry shard, StoredBytes bytes)
    {
        var entries = ZipDirectory.Read(bytes);
        if (entries.Any(entry => entry.Method != ZipEntry.Stored))
        {
            throw Refused.TooLarge(
                $"The shard {Refused.Quote(shard.Name)} is compressed within. Send it as torch.save writes it.");
        }
        var archive = TorchArchive.Open(entries);
        return archive.IsProgram
            ? throw Refused.Unsafe($"The shard {Refused.Quote(shard.Name)} is a program. {Refused.SendInstead}")
            : archive.Read();
    }

    private static void ListOthers(PickleDict tensors, IEnumerable<ZipEntry> others)
    {
        var names = tensors.Named.Select(item => item.Name).ToHashSet();
        foreach (var other in others.Where(other => !other.Name.EndsWith('/') && !names.Contains(other.Name)))
        {
            tensors.Set(other.Name, null);
        }
    }

    private static EvaluationFailedException Disagrees(string how) =>
        Refused.Unrecognised($"The zip's index and its shards disagree: {how}.");
}
