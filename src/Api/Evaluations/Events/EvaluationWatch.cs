using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Leaderboard.Shared;
using Leaderboard.Shared.Checkpoints;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Leaderboard.Api.Evaluations.Events;

/// <summary>
/// Reads all evaluations that this process has readers for by one query at a time, so that a thousand readers hold no
/// connection. What any worker or replica writes is in the rows.
/// </summary>
internal sealed partial class EvaluationWatch(
    NpgsqlDataSource db, IOptions<EventOptions> options, TimeProvider time, ILogger<EvaluationWatch> logger)
    : BackgroundService
{
    private readonly ConcurrentDictionary<Reader, byte> readers = new();

    /// <summary>Hears of evaluations until it is disposed.</summary>
    public Reader Follow(Subject subject)
    {
        var reader = new Reader(this, subject);
        readers.TryAdd(reader, 0);
        return reader;
    }

    private const string Find = """
        select e.id, e.submission_id, e.parent_id, s.user_id, s.visibility = 'public' as is_public, e.state,
               coalesce(r.done, e.done) as done, coalesce(r.total, e.total) as total,
               coalesce(r.images_per_second, e.images_per_second) as images_per_second, e.failure_code, e.failure_message,
               (select coalesce(json_agg(json_build_object('ordinal', t.ordinal, 'state', t.state, 'entered_at', t.entered_at)
                                         order by t.ordinal), '[]')::text
                from evaluation_states t where t.evaluation_id = e.id) as states
        from evaluations e
        join submissions s on s.id = e.submission_id
        left join lateral (
            select sum(c.done)::int as done,
                   case when bool_and(c.total is not null) then sum(c.total)::int end as total,
                   sum(c.images_per_second) filter (where c.state = 'running') as images_per_second
            from evaluations c
            where c.parent_id = e.id) r on e.has_realms and e.state in ('queued', 'running')
        where (e.id = any(@ids) or e.submission_id = any(@submissionIds) and e.parent_id is null) and s.deleted_at is null
        order by e.queued_at, e.id
        """;

    /// <summary>What is followed as it is now, in an order that only grows; nothing of what is gone.</summary>
    public async Task<ILookup<Subject, FollowedEvaluation>> ReadAsync(
        IReadOnlyCollection<Subject> subjects, CancellationToken cancellationToken)
    {
        var wanted = subjects.ToHashSet();
        var ids = wanted.Where(subject => !subject.IsSubmission).Select(subject => subject.Id).ToArray();
        var submissionIds = wanted.Where(subject => subject.IsSubmission).Select(subject => subject.Id).ToArray();
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(Find, new { ids, submissionIds }, cancellationToken: cancellationToken));
        return rows.SelectMany(row => row.Subjects.Where(wanted.Contains), (row, subject) => (row, subject))
            .ToLookup(pair => pair.subject, pair => pair.row.ToFollowed());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PollInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = readers.Keys.ToList();
            if (now.Count == 0)
            {
                continue;
            }
            try
            {
                var found = await ReadAsync([.. now.Select(reader => reader.Subject)], stoppingToken);
                now.ForEach(reader => reader.Tell([.. found[reader.Subject]]));
            }
            catch (NpgsqlException away)
            {
                LogAway(logger, away.Message);
            }
        }
    }

    /// <summary>What is followed: an evaluation, or all of a submission.</summary>
    public readonly record struct Subject(Guid Id, bool IsSubmission);

    /// <summary>One who hears of evaluations.</summary>
    public sealed class Reader(EvaluationWatch watch, Subject subject) : IDisposable
    {
        private volatile TaskCompletionSource<IReadOnlyList<FollowedEvaluation>> next = NewNext();

        public Subject Subject => subject;

        /// <summary>The evaluations as they are read next; none where they are gone.</summary>
        public Task<IReadOnlyList<FollowedEvaluation>> Next => next.Task;

        // A reader that is busy hears of what comes after: nothing queues up for a slow one.
        public void Tell(IReadOnlyList<FollowedEvaluation> found)
        {
            var told = next;
            next = NewNext();
            told.TrySetResult(found);
        }

        public void Dispose() => watch.readers.TryRemove(this, out _);

        private static TaskCompletionSource<IReadOnlyList<FollowedEvaluation>> NewNext() =>
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Row(
        Guid Id, Guid SubmissionId, Guid? ParentId, Guid UserId, bool IsPublic, string State, int Done, int? Total,
        double? ImagesPerSecond, string? FailureCode, string? FailureMessage, string States)
    {
        public IEnumerable<Subject> Subjects => ParentId is null
            ? [new Subject(Id, IsSubmission: false), new Subject(SubmissionId, IsSubmission: true)]
            : [new Subject(Id, IsSubmission: false)];

        public FollowedEvaluation ToFollowed() => new(
            Id, UserId, IsPublic, JsonSerializer.Deserialize<List<EnteredState>>(States, LeaderboardJson.Options)!,
            Progress.Of(State, Done, Total, ImagesPerSecond),
            FailureCode is null ? null : new Failure(FailureCode, FailureMessage ?? ""));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away, readers of events wait: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
