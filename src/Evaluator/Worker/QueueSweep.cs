using Dapper;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Shared.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// Makes the queue agree with the rows, which are the truth: takes evaluations back from workers that died, gives
/// every waiting row a job, moves rows off a queue that nobody serves.
/// </summary>
internal sealed partial class QueueSweep(NpgsqlDataSource db, WorkQueues queues, ILogger<QueueSweep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // A row younger than 5 s may be about to be enqueued by the request that made it. A job that was fetched long ago
    // while its row still waits was fetched by a worker that died before it claimed the row.
    private const string WithoutJob = """
        select e.id
        from evaluations e
        left join hangfire.jobqueue q on q.jobid = e.job_id
        where e.state = 'queued' and not e.has_realms and e.queued_at < now() - interval '5 seconds'
          and (q.id is null or q.fetchedat < now() - interval '20 seconds' or (q.queue = @gpuQueue and @queue = @cpuQueue))
        order by e.queued_at
        limit 1000
        """;

    private const string CheckpointsWithoutJob = """
        select c.sha256
        from checkpoints c
        left join hangfire.jobqueue q on q.jobid = c.job_id
        where c.inspection = 'pending' and c.removed_at is null and c.created_at < now() - interval '5 seconds' and q.id is null
        order by c.created_at
        limit 1000
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (NpgsqlException away)
            {
                LogAway(away.Message);
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await db.TakeBackLostAsync(cancellationToken);
        await db.SettleAllAsync(cancellationToken);

        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var queue = await queues.ChooseEvaluationQueueAsync(cancellationToken);
        var evaluations = await connection.QueryAsync<Guid>(new CommandDefinition(
            WithoutJob, new { queue, gpuQueue = IEvaluationJob.GpuQueue, cpuQueue = IEvaluationJob.CpuQueue },
            cancellationToken: cancellationToken));
        if (await queues.EnqueueEvaluationsAsync(evaluations.AsList(), cancellationToken) is var enqueued and > 0)
        {
            LogEnqueued(enqueued);
        }

        var checkpoints = await connection.QueryAsync<string>(
            new CommandDefinition(CheckpointsWithoutJob, cancellationToken: cancellationToken));
        await queues.EnqueueInspectionsAsync(checkpoints.AsList(), cancellationToken);
    }

    [LoggerMessage(10, LogLevel.Information, "{Count} evaluations were waiting without a job and have one again")]
    private partial void LogEnqueued(int count);

    [LoggerMessage(11, LogLevel.Warning, "The database is away, the sweep waits: {Reason}")]
    private partial void LogAway(string reason);
}
