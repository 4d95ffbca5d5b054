using System.Diagnostics.Metrics;
using Dapper;
using Leaderboard.Shared.Hosting;
using Npgsql;

namespace Leaderboard.Api.Hosting;

/// <summary>
/// The installation as its database knows it: queue, workers, outcomes. Every Api shows the same numbers; each reads
/// them at most once in five seconds, however often it is asked.
/// </summary>
internal sealed partial class InstallationMetrics : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource db;
    private readonly TimeProvider clock;
    private readonly ILogger<InstallationMetrics> logger;
    private readonly Meter meter = new(Telemetry.Name);
    private readonly Lock reading = new();
    private IReadOnlyList<Reading> readings = [];
    private long? readAt;

    public InstallationMetrics(NpgsqlDataSource db, TimeProvider clock, ILogger<InstallationMetrics> logger)
    {
        (this.db, this.clock, this.logger) = (db, clock, logger);
        meter.CreateObservableGauge(
            "leaderboard.queue.jobs", () => Read("jobs", "queue"), "{job}", "Jobs that no worker has taken yet.");
        meter.CreateObservableGauge(
            "leaderboard.queue.age", () => Read("age"), "s", "How long the oldest queued evaluation has waited.");
        meter.CreateObservableGauge(
            "leaderboard.evaluations.unfinished", () => Read("unfinished", "state"), "{evaluation}",
            "Evaluations that are queued or running, realms not beside the whole.");
        meter.CreateObservableGauge(
            "leaderboard.images.rate", () => Read("rate"), "{image}/s", "Images a second of all running evaluations.");
        meter.CreateObservableGauge(
            "leaderboard.workers", () => Read("workers", "device"), "{worker}", "Workers with a recent sign of life.");
        meter.CreateObservableCounter(
            "leaderboard.evaluations.finished", () => Read("finished", "state", "failure_code"), "{evaluation}",
            "Evaluations that have ended here, by how; the failed ones by their code.");
        meter.CreateObservableCounter(
            "leaderboard.images.evaluated", () => Read("images"), "{image}", "Images of all evaluations that succeeded here; no copied scores.");
    }

    public void Dispose() => meter.Dispose();

    private const string IsWholeAndRun = "parent_id is null and reused_from is null";

    // Finished rows are counted from an index that holds all that is asked.
    private const string Everything = $"""
        select 'jobs' as metric, queue as first, null as second, count(*)::float8 as value
        from {HangfireStorage.Schema}.jobqueue where fetchedat is null group by queue
        union all
        select 'age', null, null, coalesce(extract(epoch from now() - min(queued_at)), 0)
        from evaluations where state = 'queued'
        union all
        select 'unfinished', states.state, null, count(e.id)
        from (values ('queued'), ('running')) states (state)
        left join evaluations e on e.state = states.state and e.parent_id is null
        group by states.state
        union all
        select 'rate', null, null, coalesce(sum(images_per_second), 0) from evaluations where state = 'running'
        union all
        select 'workers', device, null, count(*) from workers where {WorkQueues.WorkerIsAlive} group by device
        union all
        select 'finished', state, failure_code, count(*)
        from evaluations where state in ('succeeded', 'failed', 'cancelled') and {IsWholeAndRun}
        group by state, failure_code
        union all
        select 'images', null, null, coalesce(sum(done), 0)
        from evaluations where state = 'succeeded' and {IsWholeAndRun}
        """;

    private IEnumerable<Measurement<double>> Read(string metric, params string[] labels) =>
        Fresh().Where(reading => reading.Metric == metric).Select(reading => new Measurement<double>(
            reading.Value,
            labels.Zip((string?[])[reading.First, reading.Second])
                .Where(label => label.Second is not null)
                .Select(label => KeyValuePair.Create<string, object?>(label.First, label.Second))));

    private IReadOnlyList<Reading> Fresh()
    {
        lock (reading)
        {
            if (readAt is { } at && clock.GetElapsedTime(at) < Lifetime)
            {
                return readings;
            }
            try
            {
                // Instruments are read by synchronous calls.
                using var connection = db.OpenConnection();
                readings = connection.Query<Reading>(Everything).AsList();
            }
            catch (NpgsqlException exception)
            {
                // What is not known is not shown; requests are still counted.
                readings = [];
                LogUnread(logger, exception.Message);
            }
            readAt = clock.GetTimestamp();
            return readings;
        }
    }

    private sealed record Reading(string Metric, string? First, string? Second, double Value);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The state of the queue could not be read for metrics: {Reason}")]
    private static partial void LogUnread(ILogger logger, string reason);
}
