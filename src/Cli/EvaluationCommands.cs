using System.CommandLine;
using Leaderboard.Cli.Contract;

namespace Leaderboard.Cli;

/// <summary><c>leaderboard cancel</c> and <c>leaderboard rerun</c>: what is done to an evaluation that exists.</summary>
internal static class EvaluationCommands
{
    private static readonly Argument<Guid> EvaluationId = new("evaluation") { Description = "The evaluation's id." };
    private static readonly Option<bool> Watch = new("--watch") { Description = "Show progress, then the scores." };

    public static Command CreateCancel()
    {
        var command = new Command("cancel", "Ends an evaluation that waits or runs.") { EvaluationId };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var connection = new Connection(parsed);
            Show(await connection.Api.CancelEvaluationAsync(parsed.GetRequiredValue(EvaluationId), cancellationToken));
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command CreateRerun()
    {
        var command = new Command("rerun", "Measures an ended evaluation again.") { EvaluationId, Watch };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var connection = new Connection(parsed);
            var rerun = await connection.Api.RerunEvaluationAsync(parsed.GetRequiredValue(EvaluationId), cancellationToken);
            Show(rerun);
            return parsed.GetValue(Watch)
                ? await WatchCommand.WatchAsync(connection, rerun.Submission, cancellationToken)
                : ExitCodes.Success;
        });
        return command;
    }

    private static void Show(Evaluation evaluation) => Console.WriteLine(
        $"evaluation {evaluation.Id} of {evaluation.ModelName} on {evaluation.Benchmark}: {evaluation.State}");
}
