using System.Text.Json;
using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Benchmarks;
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
        await UserQuotas.LockAsync(transaction, caller, cancellationToken);
        await quotas.RequireSubmissionAsync(transaction, caller, incoming.Wanted.Benchmarks.Count, cancellationToken);
        var checkpointIsNew = await transaction.TakeCheckpointAsync(incoming, caller, quotas, cancellationToken);
        var id = await transaction.AddRowAsync(incoming, caller, cancellationToken);
        var evaluationIds = new List<Guid>();
        foreach (var benchmark in incoming.Wanted.Benchmarks)
        {
            evaluationIds.AddRange(await transaction.AddEvaluationAsync(id, benchmark, cancellationToken));
        }
        if (key is not null)
        {
            await key.FinishAsync(transaction, incoming.Fingerprint, id, cancellationToken);
        }
        if (incoming.File is { } file)
        {
            await transaction.CommitWithFileAsync(file, db);
        }
        else
        {
            await transaction.CommitAsync(cancellationToken);
        }
        return new AcceptedSubmission(id, checkpointIsNew, evaluationIds);
    }

    // True where its bytes had not been stored before.
    private static async Task<bool> TakeCheckpointAsync(
        this NpgsqlTransaction transaction,
        IncomingSubmission incoming,
        Caller caller,
        UserQuotas quotas,
        CancellationToken cancellationToken)
    {
        if (incoming.File is { } file)
        {
            return (await transaction.RecordCheckpointAsync(file, caller, quotas, cancellationToken)).IsNew;
        }
        var row = new { sha256 = incoming.CheckpointSha256, caller.UserId };
        return await transaction.Connection!.ExecuteScalarAsync<bool>(
            new CommandDefinition(OwnsCheckpoint, row, transaction, cancellationToken: cancellationToken))
            ? false
            : throw Problems.CheckpointUnknown.Because("You have uploaded no checkpoint of this SHA-256.");
    }

    private static async Task<Guid> AddRowAsync(
        this NpgsqlTransaction transaction, IncomingSubmission incoming, Caller caller, CancellationToken cancellationToken)
    {
        CommandDefinition Command(string sql, object row) => new(sql, row, transaction, cancellationToken: cancellationToken);
        var (connection, request) = (transaction.Connection!, incoming.Request);
        var id = await connection.ExecuteScalarAsync<Guid>(Command(AddSubmission, new
        {
            caller.UserId,
            request.ModelName,
            sha256 = incoming.CheckpointSha256,
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
            await connection.ExecuteAsync(Command(AddClaim, new { id, claim.BenchmarkId, claim.Metric, claim.Value }));
        }
        return id;
    }

    // What workers have to run: the evaluation, or its realms, or nothing where the scores are there.
    private static async Task<IEnumerable<Guid>> AddEvaluationAsync(
        this NpgsqlTransaction transaction, Guid id, BenchmarkVersion benchmark, CancellationToken cancellationToken)
    {
        if (await transaction.TryReuseAsync(id, benchmark.Id, cancellationToken))
        {
            return [];
        }
        CommandDefinition Command(string sql, object row) => new(sql, row, transaction, cancellationToken: cancellationToken);
        var connection = transaction.Connection!;
        var realms = RealmsOf(benchmark.Definition);
        var evaluation = new { id, benchmarkId = benchmark.Id, hasRealms = realms.Length > 0 };
        var evaluationId = await connection.ExecuteScalarAsync<Guid>(Command(AddEvaluation, evaluation));
        if (realms.Length == 0)
        {
            return [evaluationId];
        }
        var parts = new { id, benchmarkId = benchmark.Id, parentId = evaluationId, names = realms };
        return await connection.QueryAsync<Guid>(Command(AddRealms, parts));
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
