namespace Leaderboard.Evaluator.Models;

/// <summary>What a submission says about its checkpoint.</summary>
/// <param name="Architecture">A name of <see cref="Architectures.ModelRegistry"/>; null to have it recognised.</param>
/// <param name="Weights"><c>model</c> or <c>ema</c>, where a file holds plain and averaged weights; else null.</param>
/// <param name="AllowPrograms">Whether this process may run code that a checkpoint brings (TorchScript).</param>
internal sealed record ModelRequest(string? Architecture, string? Weights, bool AllowPrograms);
