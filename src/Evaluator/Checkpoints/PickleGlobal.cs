namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>A name that a pickle may call, and what stands for the call here: plain data, made by us.</summary>
/// <param name="Call">Makes that data from the call's arguments.</param>
internal sealed record PickleGlobal(Func<object?[], object?> Call)
{
    /// <summary>Whether it makes a tensor from a storage, so that a tensor of a subclass may be made by it.</summary>
    public bool RebuildsTensor { get; init; }

    /// <summary>Whether it looks at none of its arguments.</summary>
    public bool IsOpaque { get; init; }

    /// <summary>What it makes says no more than what it was: nothing here needs it.</summary>
    public static PickleGlobal Opaque(string name)
    {
        var opaque = new PickleOpaque(name);
        return new(_ => opaque) { IsOpaque = true };
    }
}

/// <summary>Something a pickle describes that no network needs: a date, a device.</summary>
internal sealed record PickleOpaque(string Name);
