using System.Diagnostics.Metrics;
using Leaderboard.Api.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Leaderboard.Api.Tests.Operating;

public sealed class CountingEvaluationsTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Metrics_count_no_copies_and_no_realm_beside_its_whole()
    {
        await api.CreateBenchmarkAsync("counted");
        var whole = await api.MeasureAsync("counted", "m", "1111");
        await api.ExecuteAsync(
            """
            update evaluations set has_realms = true where id = @whole;
            insert into evaluations (submission_id, benchmark_id, parent_id, realm, realm_ordinal, state, done)
            select submission_id, benchmark_id, id, 'realm' || n, n, 'succeeded', 2
            from evaluations, generate_series(0, 1) n where id = @whole;
            insert into evaluations (submission_id, benchmark_id, state, done, reused_from)
            select submission_id, benchmark_id, 'succeeded', 4, id from evaluations where id = @whole;
            insert into evaluations (submission_id, benchmark_id, has_realms, state)
            select submission_id, benchmark_id, true, 'running' from evaluations where id = @whole;
            insert into evaluations (submission_id, benchmark_id, parent_id, realm, realm_ordinal, state)
            select submission_id, benchmark_id, id, 'realm' || n, n, 'running'
            from evaluations, generate_series(0, 1) n where state = 'running'
            """,
            new { whole });
        Assert.Equal(
            (1.0, 4.0, 1.0),
            (Read("leaderboard.evaluations.finished"), Read("leaderboard.images.evaluated"),
                Read("leaderboard.evaluations.unfinished")));
    }

    /// <summary>The sum of a metric; of this installation alone, though other tests' Apis are in the process.</summary>
    private double Read(string name)
    {
        var (sum, isOwn, thread) = (0.0, false, Environment.CurrentManagedThreadId);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (isOwn && Environment.CurrentManagedThreadId == thread && instrument.Name == name)
            {
                to.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => sum += value);
        listener.Start();
        isOwn = true;
        using var metrics = new InstallationMetrics(api.Rows, api.Clock, NullLogger<InstallationMetrics>.Instance);
        isOwn = false;
        listener.RecordObservableInstruments();
        return sum;
    }
}
