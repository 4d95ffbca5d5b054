using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>What a checkpoint brings.</summary>
internal enum CheckpointKind
{
    /// <summary>Named tensors; the network that they belong to is built here.</summary>
    Tensors,

    /// <summary>TorchScript: tensors and code.</summary>
    Program,

    /// <summary>ONNX: tensors and a graph of operators.</summary>
    Onnx,
}

/// <summary>An open checkpoint of any format; its tensors are read from it as long as it is open.</summary>
internal sealed class CheckpointFile : IDisposable
{
    private readonly IDisposable? owner;

    private CheckpointFile(IDisposable? owner, CheckpointKind kind, object? saved = null, bool isInDefinitionOrder = false)
    {
        this.owner = owner;
        Kind = kind;
        Saved = saved;
        IsInDefinitionOrder = isInDefinitionOrder;
    }

    public CheckpointKind Kind { get; }

    /// <summary>What was saved, of <see cref="CheckpointKind.Tensors"/>: mostly a <see cref="PickleDict"/>.</summary>
    public object? Saved { get; }

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
                return new(owner, CheckpointKind.Tensors, SafetensorsFile.Read(bytes));
            case CheckpointFormat.TorchLegacy:
                return new(owner, CheckpointKind.Tensors, TorchLegacyFile.Read(bytes), isInDefinitionOrder: true);
            case CheckpointFormat.TorchZip:
                var archive = TorchArchive.Open(bytes);
                if (!archive.IsProgram)
                {
                    return new(owner, CheckpointKind.Tensors, archive.Read(), isInDefinitionOrder: true);
                }
                archive.Verify();
                return new(owner, CheckpointKind.Program);
            case CheckpointFormat.Onnx:
                return new(owner, CheckpointKind.Onnx);
            default:
                throw Refused.Unrecognised(
                    "The file is neither safetensors nor ONNX nor one of torch.save or TorchScript, by its first bytes.");
        }
    }

    public void Dispose() => owner?.Dispose();
}
