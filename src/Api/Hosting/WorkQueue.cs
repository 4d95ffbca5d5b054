using Dapper;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;
using Npgsql;

namespace Leaderboard.Api.Hosting;

/// <summary>
/// Tells workers that there is work. The rows are the truth: what is lost here, the workers' sweep finds.
/// </summary>
internal sealed partial class WorkQueue(IBackgroundJobClient jobs, NpgsqlDataSource db, ILogger<WorkQueue> logger)
{
    private const string GpuWorkerIsAlive = """
        select exists (
            select from workers where device like 'cuda%' and heartbeat_at > now() - interval '15 seconds')
        """;

    private const string SetEvaluationJob =
        "update evaluations set job_id = @jobId where id = @id and state = 'queued' and job_id is null";

    public async Task EnqueueEvaluationsAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var gpu = await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(GpuWorkerIsAlive, cancellationToken: cancellationToken));
        var queue = gpu ? IEvaluationJob.GpuQueue : IEvaluationJob.CpuQueue;
        foreach (var id in ids)
        {
            var job = Job.FromExpression<IEvaluationJob>(evaluation => evaluation.RunAsync(id, CancellationToken.None));
            if (Enqueue(job, queue) is { } jobId)
            {
                await connection.ExecuteAsync(
                    new CommandDefinition(SetEvaluationJob, new { id, jobId }, cancellationToken: cancellationToken));
            }
        }
    }

    private const string SetInspectionJob =
        "update checkpoints set job_id = @jobId where sha256 = @sha256 and inspection = 'pending'";

    public async Task EnqueueInspectionAsync(string sha256, CancellationToken cancellationToken)
    {
        var job = Job.FromExpression<IInspectionJob>(inspection => inspection.RunAsync(sha256, CancellationToken.None));
        if (Enqueue(job, IInspectionJob.Queue) is { } jobId)
        {
            await using var connection = await db.OpenConnectionAsync(cancellationToken);
            await connection.ExecuteAsync(
                new CommandDefinition(SetInspectionJob, new { sha256, jobId }, cancellationToken: cancellationToken));
        }
    }

    private long? Enqueue(Job job, string queue)
    {
        try
        {
            return long.Parse(jobs.Create(job, new EnqueuedState(queue)), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (BackgroundJobClientException exception)
        {
            LogNotEnqueued(logger, queue, exception);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing was put on queue {Queue}; the sweep will do it.")]
    private static partial void LogNotEnqueued(ILogger logger, string queue, Exception exception);
}
