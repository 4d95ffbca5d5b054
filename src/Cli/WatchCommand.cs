using System.CommandLine;
using Leaderboard.Cli.Contract;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Leaderboard.Cli;

/// <summary><c>leaderboard watch</c>: follows a submission until every evaluation has ended.</summary>
internal static class WatchCommand
{
    private static readonly Argument<Guid> SubmissionId = new("submission") { Description = "The submission's id." };

    public static Command Create()
    {
        var command = new Command("watch", "Shows a submission's progress, then its scores.") { SubmissionId };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var connection = new Connection(parsed);
            return await WatchAsync(connection, parsed.GetRequiredValue(SubmissionId), cancellationToken);
        });
        return command;
    }

    /// <summary>Polls once a second; the exit code is that of the worst evaluation.</summary>
    public static async Task<int> WatchAsync(Connection connection, Guid id, CancellationToken cancellationToken)
    {
        Submission submission;
        if (AnsiConsole.Profile.Out.IsTerminal)
        {
            submission = await AnsiConsole.Live(new Text("")).StartAsync(live =>
                PollAsync(connection, id, current => live.UpdateTarget(ProgressTable(current)), cancellationToken));
        }
        else
        {
            submission = await PollAsync(connection, id, new ProgressLines().Write, cancellationToken);
        }

        WriteOutcome(submission);
        return submission.Latest.All(evaluation => evaluation.State == "succeeded")
            ? ExitCodes.Success
            : ExitCodes.EvaluationFailed;
    }

    private static async Task<Submission> PollAsync(
        Connection connection, Guid id, Action<Submission> show, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (true)
        {
            var submission = await connection.Api.GetSubmissionAsync(id, cancellationToken);
            show(submission);
            if (submission.Latest.All(evaluation => evaluation.IsFinished))
            {
                return submission;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static Table ProgressTable(Submission submission)
    {
        var table = Format.Table("benchmark", "state", "progress", ">done", ">images/s", ">left");
        foreach (var evaluation in submission.Latest)
        {
            var progress = evaluation.Progress;
            IRenderable[] cells =
            [
                new Text(evaluation.Benchmark),
                new Text(evaluation.State),
                new BreakdownChart().Width(24).HideTags()
                    .AddItem("done", evaluation.Share, Color.Green)
                    .AddItem("left", 1 - evaluation.Share, Color.Grey35),
                new Text(progress.Total is { } total ? $"{progress.Done}/{total}" : ""),
                new Text(progress.ImagesPerSecond is { } rate ? $"{rate:0.0}" : ""),
                new Text(evaluation.IsFinished ? "" : Format.Duration(progress.EtaSeconds)),
            ];
            table.AddRow(cells);
        }

        return table;
    }

    private static void WriteOutcome(Submission submission)
    {
        var table = Format.Table("benchmark", "metric", ">%", "95 % interval", ">correct", ">of");
        foreach (var evaluation in submission.Latest)
        {
            foreach (var score in evaluation.Scores)
            {
                table.AddTextRow(
                    evaluation.Benchmark,
                    score.Metric,
                    Format.Percent(score.Value),
                    Format.Interval(score.Interval),
                    $"{score.Correct}",
                    $"{score.Count}");
            }
        }

        if (table.Rows.Count > 0)
        {
            AnsiConsole.Write(table);
        }

        foreach (var evaluation in submission.Latest.Where(evaluation => evaluation.State != "succeeded"))
        {
            var failure = evaluation.Failure is { } reason ? $" ({reason.Code}): {reason.Message}" : "";
            Console.WriteLine($"{evaluation.Benchmark} {evaluation.State}{failure}");
        }
    }
}
