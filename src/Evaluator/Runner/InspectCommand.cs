using Leaderboard.Evaluator.Models;

namespace Leaderboard.Evaluator.Runner;

/// <summary><c>inspect</c>: says what a checkpoint holds.</summary>
internal static class InspectCommand
{
    public static void Execute(LoadRequest request, Action<RunnerEvent> send)
    {
        var model = new ModelRequest(request.Architecture, request.Weights, request.AllowPrograms);
        send(new Loaded(CheckpointInspector.Inspect(request.Checkpoint, model)));
    }
}
