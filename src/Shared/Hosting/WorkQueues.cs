using System.Globalization;
using Dapper;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Leaderboard.Shared.Hosting;

/// <summary>
/// Tells workers that there is work. The rows are the truth: what is lost here, the workers' sweep finds.
/// </summary>
public sealed partial class WorkQueues(IBackgroundJobClient jobs, NpgsqlDataSource db, ILogger<WorkQueues> logger)
{
    /// <summary>SQL that holds for a row of <c>workers</c> that lives: a heartbeat younger than 15 s.</summary>
    public const string WorkerIsAlive = "heartbeat_at > now() - interval '15 seconds'";

    private const string GpuWorkerIsAlive =
        $"select exists (select from workers where device like 'cuda%' and {WorkerIsAlive})";

    /// <summary>The queue for evaluations now: the GPU's while a worker with a GPU is alive.</summary>
    public async Task<string> ChooseEvaluationQueueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(GpuWorkerIsAlive, cancellationToken: cancellationToken))
            ? IEvaluationJob.GpuQueue
            : IEvaluationJob.CpuQueue;
    }

    private const string SetEvaluationJob =
        "update evaluations set job_id = @jobId where id = @key and state = 'queued'";

    /// <summary>Gives evaluations a job each, up to the first that cannot be had; how many got one.</summary>
    public async Task<int> EnqueueEvaluationsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        await EnqueueAsync(
            ids,
            id => Job.FromExpression<IEvaluationJob>(evaluation => evaluation.RunAsync(id, CancellationToken.None)),
            await ChooseEvaluationQueueAsync(cancellationToken), SetEvaluationJob, cancellationToken);

    private const string SetInspectionJob =
        "update checkpoints set job_id = @jobId where sha256 = @key and inspection = 'pending'";

    /// <summary>Gives checkpoints an inspection each, up to the first that cannot be had; how many got one.</summary>
    public Task<int> EnqueueInspectionsAsync(
        IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) =>
        EnqueueAsync(
            sha256s,
            sha256 => Job.FromExpression<IInspectionJob>(inspection => inspection.RunAsync(sha256, CancellationToken.None)),
            IInspectionJob.Queue, SetInspectionJob, cancellationToken);

    private async Task<int> EnqueueAsync<TKey>(
        IReadOnlyCollection<TKey> keys,
        Func<TKey, Job> jobOf,
        string queue,
        string setJob,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var enqueued = 0;
        try
        {
            foreach (var key in keys)
            {
                var jobId = long.Parse(jobs.Create(jobOf(key), new EnqueuedState(queue)), CultureInfo.InvariantCulture);
                await connection.ExecuteAsync(
                    new CommandDefinition(setJob, new { key, jobId }, cancellationToken: cancellationToken));
                enqueued++;
            }
        }
        catch (BackgroundJobClientException exception)
        {
            LogNotEnqueued(logger, keys.Count - enqueued, queue, exception);
        }
        return enqueued;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} jobs were not put on queue {Queue}; the sweep will do it.")]
    private static partial void LogNotEnqueued(ILogger logger, int count, string queue, Exception exception);
}
