using Dapper;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Shared.Hosting;
using Npgsql;

namespace Leaderboard.Api.Submissions;

/// <summary>
/// Scores that are there already: the same checkpoint, run in the same way on the same benchmark version by the program
/// that would run it now.
/// </summary>
internal static class StoredScores
{
    // Of others only what is public: an answer at once would tell that somebody has the same bytes. The program's version
    // and commit name its engines too; a queue is served by one kind of device.
    private const string Find = $"""
        with live as (
            select software, split_part(device, ':', 1) as kind from workers where {WorkQueues.WorkerIsAlive}
        )
        select e.id
        from submissions wanted
        join submissions s
            on s.checkpoint_sha256 = wanted.checkpoint_sha256 and s.id <> wanted.id and s.deleted_at is null
            and (s.visibility = 'public' or s.user_id = wanted.user_id)
            and (s.architecture, s.weights, s.eval_transform, s.output, s.precision, s.label_order) is not distinct from
                (wanted.architecture, wanted.weights, wanted.eval_transform, wanted.output, wanted.precision,
                 wanted.label_order)
        join evaluations e
            on e.submission_id = s.id and e.benchmark_id = @benchmarkId and e.parent_id is null and e.state = 'succeeded'
        where wanted.id = @id
          and split_part(e.provenance ->> 'device', ':', 1) =
              (select kind from live order by kind = 'cuda' desc limit 1)
          and exists (
              select from live
              where live.software = e.provenance ->> 'software'
                and live.kind = split_part(e.provenance ->> 'device', ':', 1))
          and not exists (select from scores sc where sc.evaluation_id = e.id and sc.partial)
        order by e.reused_from is not null, e.finished_at desc, e.id
        limit 1
        """;

    private const string CopyEvaluation = """
        insert into evaluations (submission_id, benchmark_id, has_realms, parent_id, realm, realm_ordinal, state, done, total,
                                 images_per_second, started_at, finished_at, provenance, manifest_id, reused_from)
        select @id, benchmark_id, has_realms, @parentId, realm, realm_ordinal, state, done, total, images_per_second, now(),
               now(), provenance, manifest_id, id
        from evaluations
        where id = @source
        returning id
        """;

    private const string CopyScores = """
        insert into scores (evaluation_id, metric, value, interval_low, interval_high, interval_method, correct, count, split,
                            partial)
        select @copy, metric, value, interval_low, interval_high, interval_method, correct, count, split, partial
        from scores
        where evaluation_id = @source
        """;

    private const string CopyPredictions = """
        insert into predictions (evaluation_id, prediction, confidence, correct)
        select @copy, prediction, confidence, correct from predictions where evaluation_id = @source
        """;

    private const string FindRealms =
        "select id from evaluations where parent_id = @source and state = 'succeeded' order by realm_ordinal";

    /// <summary>
    /// Ends a new submission's evaluation on a benchmark at once with scores that are there, never the submission that
    /// they were measured for; false where there are none.
    /// </summary>
    public static async Task<bool> TryReuseAsync(
        this NpgsqlTransaction transaction, Guid id, Guid benchmarkId, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        CommandDefinition Command(string sql, object row) => new(sql, row, transaction, cancellationToken: cancellationToken);

        if (await connection.ExecuteScalarAsync<Guid?>(Command(Find, new { id, benchmarkId })) is not { } source)
        {
            return false;
        }
        var copy = await CopyAsync(source, parentId: null);
        foreach (var realm in await connection.QueryAsync<Guid>(Command(FindRealms, new { source })))
        {
            await CopyAsync(realm, parentId: copy);
        }
        await connection.ExecuteAsync(Command(BoardRows.Add, new { id = copy }));
        return true;

        async Task<Guid> CopyAsync(Guid from, Guid? parentId)
        {
            var made = await connection.ExecuteScalarAsync<Guid>(Command(CopyEvaluation, new { id, source = from, parentId }));
            await connection.ExecuteAsync(Command(CopyScores, new { source = from, copy = made }));
            await connection.ExecuteAsync(Command(CopyPredictions, new { source = from, copy = made }));
            return made;
        }
    }
}
