using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

/// <summary>Writes files as <c>torch.save</c> does, around any pickle.</summary>
internal static class TorchZip
{
    public static byte[] Of(byte[] pickle, params IEnumerable<(string Key, float[] Numbers)> storages) =>
        OfEntries(storages
            .Select(storage => (
                $"archive/data/{storage.Key}", MemoryMarshal.AsBytes(storage.Numbers.AsSpan()).ToArray()))
            .Prepend(("archive/data.pkl", pickle)));

    public static byte[] OfEntries(
        IEnumerable<(string Name, byte[] Bytes)> entries, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }
        return file.ToArray();
    }

    /// <summary>A state dict, within any number of dicts, from the inside out.</summary>
    public static byte[] OfState(IReadOnlyList<NamedTensor> tensors, params ReadOnlySpan<string> wrappers)
    {
        var pickle = new PickleWriter();
        for (var i = wrappers.Length - 1; i >= 0; i--)
        {
            pickle.Op('}').Text(wrappers[i]);
        }
        WriteDict(pickle, tensors, "");
        for (var i = 0; i < wrappers.Length; i++)
        {
            pickle.Op('s');
        }
        return Of(pickle.ToArray(), tensors.Select(tensor => (tensor.Name, tensor.Numbers)));
    }

    /// <summary>Adds a dict of tensors to a pickle; their storages' keys are their names after a prefix.</summary>
    public static void WriteDict(PickleWriter pickle, IReadOnlyList<NamedTensor> tensors, string keyPrefix)
    {
        pickle.Op('}').Op('(');
        foreach (var tensor in tensors)
        {
            pickle.Text(tensor.Name).Tensor(keyPrefix + tensor.Name, tensor.Shape);
        }
        pickle.Op('u');
    }
}
