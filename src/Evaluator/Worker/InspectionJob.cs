using Dapper;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Looks into a stored checkpoint, in the sandbox, and records what it holds or why it cannot be read.</summary>
internal sealed class InspectionJob(
    NpgsqlDataSource db, CheckpointStore checkpoints, RunnerProcess runner, WorkerOptions options) : IInspectionJob
{
    private const int MaxAttempts = 3;

    private const string Begin = """
        update checkpoints set inspection_attempts = inspection_attempts + 1
        where sha256 = @checkpointSha256 and inspection = 'pending'
        returning inspection_attempts
        """;

    private const string Record = """
        update checkpoints
        set inspection = @state, inspection_report = @report::jsonb, inspection_failure = @failure::jsonb
        where sha256 = @checkpointSha256 and inspection = 'pending'
        """;

    public async Task RunAsync(string checkpointSha256, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var attempt = await connection.ExecuteScalarAsync<int?>(
            new CommandDefinition(Begin, new { checkpointSha256 }, cancellationToken: cancellationToken));
        if (attempt is null)
        {
            return;
        }
        var mount = new Mount(checkpoints.PathOf(checkpointSha256), "/runner/input/checkpoint");
        var request = new LoadRequest(
            runner.Seen(mount), Architecture: null, Weights: null, runner.AllowPrograms, Device: "cpu", Threads: 1);
        CheckpointInspection? report = null;
        Failure? failure = null;
        try
        {
            var loaded = await runner.RunAsync<Loaded>(
                "inspect", request, [mount],
                new RunnerLimits(options.InspectionTimeLimit, options.InspectionMemoryBytes, RunnerLimits.SmallFiles),
                onEvent: null, cancellationToken);
            report = loaded.Inspection;
        }
        catch (EvaluationFailedException failed)
        {
            failure = new Failure(failed.Code, failed.Message);
        }
        catch (RunnerCrashedException) when (attempt < MaxAttempts)
        {
            return; // It stays pending; the sweep gives it another job.
        }
        catch (RunnerCrashedException crash)
        {
            failure = new Failure(FailureCodes.RunnerCrashed, crash.Message);
        }
        await connection.ExecuteAsync(new CommandDefinition(
            Record,
            new
            {
                checkpointSha256,
                state = failure is null ? "done" : "failed",
                report = report is null ? null : LeaderboardJson.ForJsonb(report),
                failure = failure is null ? null : LeaderboardJson.ForJsonb(failure),
            },
            cancellationToken: cancellationToken));
    }
}
