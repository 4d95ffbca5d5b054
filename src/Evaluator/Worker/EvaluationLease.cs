using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// Keeps a running evaluation this worker's: writes progress and renews the lease twice a second for as long as it
/// lives. <see cref="Lost"/> is cancelled when the evaluation was cancelled or given to somebody else, and when the
/// worker stops.
/// </summary>
internal sealed class EvaluationLease : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlDataSource db;
    private readonly CancellationTokenSource ended = new();
    private readonly ClaimedEvaluation evaluation;
    private readonly CancellationTokenSource lost;
    private readonly Task renewing;
    private (int Done, int? Total, double? Rate) progress;
    private readonly Lock reporting = new();

    public EvaluationLease(NpgsqlDataSource db, ClaimedEvaluation evaluation, CancellationToken stopping)
    {
        this.db = db;
        this.evaluation = evaluation;
        lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        renewing = RenewAsync();
    }

    public CancellationToken Lost => lost.Token;

    public void Report(int done, int? total, double? imagesPerSecond)
    {
        lock (reporting)
        {
            progress = (done, total, imagesPerSecond);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await renewing;
        ended.Dispose();
        lost.Dispose();
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(ended.Token))
            {
                (int Done, int? Total, double? Rate) now;
                lock (reporting)
                {
                    now = progress;
                }
                try
                {
                    if (!await db.RenewAsync(evaluation, now.Done, now.Total, now.Rate, ended.Token))
                    {
                        await lost.CancelAsync();
                        return;
                    }
                }
                catch (NpgsqlException)
                {
                    // The database is away for a moment: the run goes on, and recording it is fenced by the attempt.
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
    }
}
