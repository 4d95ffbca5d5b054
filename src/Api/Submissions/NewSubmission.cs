using System.Text.Json;
using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Checkpoints;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Npgsql;

namespace Leaderboard.Api.Submissions;

internal static class NewSubmission
{
    // Held to the end: the checkpoint is not removed while a submission of it is added.
    private const string OwnsCheckpoint = """
        select exists (
            select from checkpoint_owners where checkpoint_sha256 = @sha256 and user_id = @userId for share)
        """;

    private const string AddSubmission = """
        insert into submissions (user_id, model_name, checkpoint_sha256, architecture, weights, eval_transform, output,
                                 precision, paper_id, code_url, uses_additional_data, visibility, label_order)
        values (@userId, @modelName, @sha256, @architecture, @weights, @evalTransform::jsonb, @output,
                @precision, @paper, @codeUrl, @usesAdditionalData, @visibility, @labelOrder)
        returning id
        """;

    private const string AddClaim =
        "insert into claims (submission_id, benchmark_id, metric, value) values (@id, @benchmarkId, @metric, @value)";

    private const string AddEvaluation = """
        insert into evaluations (submission_id, benchmark_id, has_realms) values (@id, @benchmarkId, @hasRealms) returning id
        """;

    private const string AddRealms = """
        insert into evaluations (submission_id, benchmark_id, parent_id, realm, realm_ordinal)
        select @id, @benchmarkId, @parentId, r.name, r.ordinal - 1
        from unnest(@names) with ordinality as r (name, ordinal)
        returning id
        """;

    /// <summary>Writes all rows of a submission in one transaction; they alone say what must be done.</summary>
    public static async Task<AcceptedSubmission> AddSubmissionAsync(
        this NpgsqlDataSource db,
        IncomingSubmission incoming,
        Caller caller,
        UserQuotas quotas,
        IdempotencyKey? key,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        CommandDefinition Command(string sql, object row) => new(sql, row, transaction, cancellationToken: cancellationToken);

        await UserQuotas.LockAsync(transaction, caller, cancellationToken);
        await quotas.RequireSubmissionAsync(transaction, caller, incoming.Wanted.Benchmarks.Count, cancellationToken);
        var userId = caller.UserId!.Value;
        var request = incoming.Request;
        var sha256 = incoming.CheckpointSha256;
        var checkpointIsNew = false;
        if (incoming.File is { } file)
        {
            checkpointIsNew = (await transaction.RecordCheckpointAsync(file, caller, quotas, cancellationToken)).IsNew;
        }
        else if (!await connection.ExecuteScalarAsync<bool>(Command(OwnsCheckpoint, new { sha256, userId })))
        {
            throw Problems.CheckpointUnknown.Because("You have uploaded no checkpoint of this SHA-256.");
        }

        var id = await connection.ExecuteScalarAsync<Guid>(Command(AddSubmission, new
        {
            userId,
            request.ModelName,
            sha256,
            request.Architecture,
            request.Weights,
            evalTransform = request.EvalTransform is { } own ? JsonSerializer.Serialize(own, LeaderboardJson.Options) : null,
            request.Output,
            request.Precision,
            request.Paper,
            request.CodeUrl,
            request.UsesAdditionalData,
            request.Visibility,
            request.LabelOrder,
        }));
        foreach (var claim in incoming.Wanted.Claims)
        {
            await connection.ExecuteAsync(
                Command(AddClaim, new { id, claim.BenchmarkId, claim.Metric, claim.Value }));
        }
        var evaluationIds = new List<Guid>();
        foreach (var benchmark in incoming.Wanted.Benchmarks)
        {
            if (await transaction.TryReuseAsync(id, benchmark.Id, cancellationToken))
            {
                continue;
            }
            var realms = RealmsOf(benchmark.Definition);
            var row = new { id, benchmarkId = benchmark.Id, hasRealms = realms.Length > 0 };
            var evaluationId = await connection.ExecuteScalarAsync<Guid>(Command(AddEvaluation, row));
            if (realms.Length == 0)
            {
                evaluationIds.Add(evaluationId);
                continue;
            }
            var parts = new { id, benchmarkId = benchmark.Id, parentId = evaluationId, names = realms };
            evaluationIds.AddRange(await connection.QueryAsync<Guid>(Command(AddRealms, parts)));
        }
        if (key is not null)
        {
            await key.FinishAsync(transaction, incoming.Fingerprint, id, cancellationToken);
        }
        if (incoming.File is { } stored)
        {
            await transaction.CommitWithFileAsync(stored, db);
        }
        else
        {
            await transaction.CommitAsync(cancellationToken);
        }
        return new AcceptedSubmission(id, checkpointIsNew, evaluationIds);
    }

    // What learns on features learns on each realm apart, so that workers share the realms.
    private static string[] RealmsOf(BenchmarkDefinition definition) => definition is { Protocol: not Protocol.Classify, Realms: { } realms }
        ? [.. realms.Select(realm => realm.Name)]
        : [];

    /// <summary>What was written.</summary>
    /// <param name="SubmissionId">Id of the submission.</param>
    /// <param name="CheckpointIsNew">Whether its checkpoint was not stored before.</param>
    /// <param name="EvaluationIds">The evaluations that workers have to run.</param>
    public sealed record AcceptedSubmission(Guid SubmissionId, bool CheckpointIsNew, IReadOnlyList<Guid> EvaluationIds);
}
