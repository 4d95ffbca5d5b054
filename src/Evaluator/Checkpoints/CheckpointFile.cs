using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>An open checkpoint of any format; its tensors are read from it as long as it is open.</summary>
internal sealed class CheckpointFile : IDisposable
{
    private readonly IDisposable? owner;

    private CheckpointFile(IDisposable? owner, object? saved, bool isProgram, bool isInDefinitionOrder)
    {
        this.owner = owner;
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
            return Open(StoredBytes.InFile(handle, 0, RandomAccess.GetLength(handle)), handle);
        }
        catch (EvaluationFailedException)
        {
            handle.Dispose();
            throw;
        }
    }

    /// <param name="bytes">The whole file.</param>
    /// <param name="owner">What its bytes come from, to be disposed with the checkpoint.</param>
    public static CheckpointFile Open(StoredBytes bytes, IDisposable? owner = null)
    {
        if (bytes.Length == 0)
        {
            throw Refused.Empty();
        }
        var head = new byte[Math.Min(bytes.Length, CheckpointFormat.SniffLength)];
        bytes.Read(0, head);
        switch (CheckpointFormat.Sniff(head))
        {
            case CheckpointFormat.Safetensors:
                return new(owner, SafetensorsFile.Read(bytes), isProgram: false, isInDefinitionOrder: false);
            case CheckpointFormat.TorchLegacy:
                return new(owner, TorchLegacyFile.Read(bytes), isProgram: false, isInDefinitionOrder: true);
            case CheckpointFormat.TorchZip:
                var archive = TorchArchive.Open(bytes);
                if (!archive.IsProgram)
                {
                    return new(owner, archive.Read(), isProgram: false, isInDefinitionOrder: true);
                }
                archive.Verify();
                return new(owner, saved: null, isProgram: true, isInDefinitionOrder: false);
            default:
                throw Refused.Unrecognised(
                    "The file is neither safetensors nor one of torch.save or TorchScript, by its first bytes.");
        }
    }

    public void Dispose() => owner?.Dispose();
}
