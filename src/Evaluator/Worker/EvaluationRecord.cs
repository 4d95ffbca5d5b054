using System.Text.Json;
using Dapper;
using Leaderboard.Shared;
using Leaderboard.Shared.Evaluations;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Writes down what an evaluation came to: all of it, or nothing.</summary>
internal static class EvaluationRecord
{
    /// <summary>
    /// Records scores, predictions and board rows and ends the evaluation, in one transaction; false, and nothing
    /// recorded, where the evaluation is no longer this worker's. The last of an evaluation's realms ends that too.
    /// </summary>
    public static async Task<bool> RecordAsync(
        this NpgsqlDataSource db, ClaimedEvaluation evaluation, EvaluationOutcome outcome)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await transaction.LockSubmissionAsync(evaluation.Id);
        await transaction.LockParentAsync(evaluation);
        if (!await transaction.SucceedAsync(evaluation.Id, evaluation.Attempt, outcome))
        {
            return false;
        }
        if (evaluation.ParentId is null)
        {
            await transaction.RankAsync(evaluation.Id);
        }
        await transaction.SettleParentAsync(evaluation);
        await transaction.CommitAsync();
        return true;
    }

    private const string LockSubmission = """
        select from submissions s join evaluations e on e.submission_id = s.id where e.id = @id for share of s
        """;

    /// <summary>Keeps a submission as it is, public or private, until its results stand on boards.</summary>
    public static Task LockSubmissionAsync(this NpgsqlTransaction transaction, Guid id) =>
        transaction.Connection!.ExecuteAsync(LockSubmission, new { id }, transaction);

    private const string Succeed = """
        update evaluations
        set state = 'succeeded', done = @SampleCount, total = @SampleCount, images_per_second = @rate,
            finished_at = now(), provenance = @provenance::jsonb, manifest_id = @ManifestId,
            worker = null, lease_expires_at = null
        where id = @id and state = 'running' and attempts = @attempt
        """;

    private const string InsertPredictions = """
        insert into predictions (evaluation_id, prediction, confidence, correct)
        values (@id, @prediction, @confidence, @Correct)
        """;

    private const string InsertScore = """
        insert into scores (evaluation_id, metric, value, interval_low, interval_high, interval_method, correct, count,
                            split, partial)
        values (@id, @Metric, @Value, @low, @high, @method, @Correct, @Count, @Split, @IsPartial)
        """;

    /// <summary>Ends a running evaluation with its scores; false where it is not running, or in another attempt.</summary>
    public static async Task<bool> SucceedAsync(
        this NpgsqlTransaction transaction, Guid id, int attempt, EvaluationOutcome outcome)
    {
        var connection = transaction.Connection!;
        var succeeded = await connection.ExecuteAsync(
            Succeed,
            new
            {
                id,
                attempt,
                outcome.SampleCount,
                rate = outcome.Provenance.ImagesPerSecond,
                provenance = JsonSerializer.Serialize(outcome.Provenance, LeaderboardJson.Options),
                outcome.ManifestId,
            },
            transaction);
        if (succeeded == 0)
        {
            return false;
        }
        if (outcome.Predictions is { } predictions)
        {
            var arrays = new
            {
                id,
                prediction = predictions.Select(prediction => prediction.Top[0]).ToArray(),
                confidence = predictions.Select(prediction => prediction.Confidence).ToArray(),
                outcome.Correct,
            };
            await connection.ExecuteAsync(InsertPredictions, arrays, transaction);
        }
        foreach (var score in outcome.Scores)
        {
            await connection.ExecuteAsync(
                InsertScore,
                new
                {
                    id,
                    score.Metric,
                    score.Value,
                    low = score.Interval?.Low,
                    high = score.Interval?.High,
                    method = score.Interval?.Method,
                    score.Correct,
                    score.Count,
                    outcome.Split,
                    outcome.IsPartial,
                },
                transaction);
        }
        return true;
    }

    // A rerun takes the place of every earlier run; withdrawn rows remain, for boards as they stood. One that waits for a
    // moderator takes the place of what waits, and leaves the board as it is.
    private const string WithdrawEarlier = """
        update results r
        set withdrawn_at = now()
        from evaluations e
        join evaluations earlier
            on earlier.submission_id = e.submission_id and earlier.benchmark_id = e.benchmark_id and earlier.id <> e.id
        join results n on n.evaluation_id = e.id
        where e.id = @id and e.rerun_of is not null and r.evaluation_id = earlier.id and r.withdrawn_at is null
          and n.metric = r.metric and (n.moderation = 'accepted' or r.moderation = 'pending')
        """;

    /// <summary>Puts an evaluation's scores on its board, in place of those that it measured again.</summary>
    public static async Task RankAsync(this NpgsqlTransaction transaction, Guid id)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(BoardRows.Add, new { id }, transaction);
        await connection.ExecuteAsync(WithdrawEarlier, new { id }, transaction);
    }
}
