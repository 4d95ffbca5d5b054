namespace Leaderboard.Evaluator.Models;

/// <summary>What a submission says about its checkpoint, and what is wanted of it.</summary>
/// <param name="Architecture">A name of <see cref="Architectures.ModelRegistry"/>; null to have it recognised.</param>
/// <param name="Weights"><c>model</c> or <c>ema</c>, where a file holds plain and averaged weights; else null.</param>
/// <param name="AllowPrograms">Whether this process may run code that a checkpoint brings (TorchScript).</param>
/// <param name="Wanted">What the network is to answer with.</param>
/// <param name="Gives">What a checkpoint that is a program or a graph of its own answers with.</param>
internal sealed record ModelRequest(
    string? Architecture,
    string? Weights,
    bool AllowPrograms,
    NetworkOutput Wanted = NetworkOutput.Logits,
    NetworkOutput Gives = NetworkOutput.Logits);

/// <summary>What a network answers with.</summary>
internal enum NetworkOutput
{
    /// <summary>A number for each class, [N, classes].</summary>
    Logits,

    /// <summary>What its classifier computes on, [N, features].</summary>
    Features,
}
