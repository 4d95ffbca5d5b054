using Leaderboard.Shared.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>An open checkpoint of any format; its tensors are read from it as long as it is open.</summary>
internal sealed class CheckpointFile : IDisposable
{
    private readonly SafeFileHandle handle;

    private CheckpointFile(SafeFileHandle handle, object? saved, bool isProgram, bool isInDefinitionOrder)
    {
        this.handle = handle;
        Saved = saved;
        IsProgram = isProgram;
        IsInDefinitionOrder = isInDefinitionOrder;
    }

    /// <summary>What was saved: mostly a <see cref="PickleDict"/>; null for a program.</summary>
    public object? Saved { get; }

    /// <summary>Whether it is TorchScript, which brings its own code.</summary>
    public bool IsProgram { get; }

    /// <summary>Whether tensors stand in the order in which the network defines them: safetensors sorts them.</summary>
    public bool IsInDefinitionOrder { get; }

    /// <summary>Opens a checkpoint; its format is told from its first bytes.</summary>
    public static CheckpointFile Open(string path)
    {
        var handle = File.OpenHandle(path);
        try
        {
            return Open(handle);
        }
        catch (EvaluationFailedException)
        {
            handle.Dispose();
            throw;
        }
    }

    public void Dispose() => handle.Dispose();

    private static CheckpointFile Open(SafeFileHandle handle)
    {
        var bytes = StoredBytes.InFile(handle, 0, RandomAccess.GetLength(handle));
        if (bytes.Length == 0)
        {
            throw Refused.Empty();
        }
        var head = new byte[Math.Min(bytes.Length, CheckpointFormat.SniffLength)];
        bytes.Read(0, head);
        switch (CheckpointFormat.Sniff(head))
        {
            case CheckpointFormat.Safetensors:
                return new(handle, SafetensorsFile.Read(bytes), isProgram: false, isInDefinitionOrder: false);
            case CheckpointFormat.TorchLegacy:
                return new(handle, TorchLegacyFile.Read(bytes), isProgram: false, isInDefinitionOrder: true);
            case CheckpointFormat.TorchZip:
                var archive = TorchArchive.Open(bytes);
                if (!archive.IsProgram)
                {
                    return new(handle, archive.Read(), isProgram: false, isInDefinitionOrder: true);
                }
                archive.Verify();
                return new(handle, saved: null, isProgram: true, isInDefinitionOrder: false);
            default:
                throw Refused.Unrecognised(
                    "The file is neither safetensors nor one of torch.save or TorchScript, by its first bytes.");
        }
    }
}
