using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Evaluator.Models;

/// <summary>A checkpoint ready to run, in evaluation mode.</summary>
/// <param name="Inspection">What it is.</param>
/// <param name="Engine">What runs it.</param>
/// <param name="Takes">Sizes of images that it takes; null for any.</param>
internal sealed record LoadedModel(CheckpointInspection Inspection, Engine Engine, TakenSizes? Takes = null)
    : IDisposable
{
    public void Dispose() => Engine.Dispose();
}
