using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Npgsql;

namespace Leaderboard.Api.Evaluations;

/// <summary>
/// What a submitter does to an evaluation that exists. Rows are locked in the order that workers keep; it is told
/// at the evaluator's <c>EvaluationLifecycle</c>.
/// </summary>
internal static class EvaluationLife
{
    private const string FindVisible = """
        select e.submission_id, e.parent_id, e.state, @isAdmin or s.user_id = @userId as is_owned
        from evaluations e
        join submissions s on s.id = e.submission_id
        where e.id = @id and s.deleted_at is null and (s.visibility = 'public' or @isAdmin or s.user_id = @userId)
        """;

    // One update each, whose where names the states that it leaves: a worker that ends it meanwhile was first, or is late.
    private const string CancelParts = """
        update evaluations
        set state = 'cancelled', finished_at = now(), job_id = null, worker = null, lease_expires_at = null
        where parent_id = @id and state in ('queued', 'running')
        """;

    private const string Cancel = """
        update evaluations
        set state = 'cancelled', finished_at = now(), job_id = null, worker = null, lease_expires_at = null
        where id = @id and state in ('queued', 'running')
        """;

    private const string Lock = "select state from evaluations where id = @id for no key update";

    /// <summary>Cancels what waits or runs; its worker sees it at the next renewal of the lease.</summary>
    public static async Task CancelEvaluationAsync(
        this NpgsqlDataSource db, Guid id, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.FindOwnedAsync(id, caller, cancellationToken);
        var state = await connection.ExecuteScalarAsync<string>(
            new CommandDefinition(Lock, new { id }, transaction, cancellationToken: cancellationToken));
        if (state is "succeeded" or "failed")
        {
            throw Problems.EvaluationFinished.Because($"Its state is '{state}', which cannot be undone.");
        }
        await connection.ExecuteAsync(
            new CommandDefinition(CancelParts, new { id }, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(
            new CommandDefinition(Cancel, new { id }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    // Held to the end: a submission is not deleted while one of its evaluations is added.
    private const string HoldSubmission =
        "select true from submissions where id = @SubmissionId and deleted_at is null for share";

    private const string AddRerun = """
        insert into evaluations (submission_id, benchmark_id, has_realms, rerun_of, rerun_by)
        select submission_id, benchmark_id, has_realms, id, @UserId
        from evaluations
        where id = @id and state in ('succeeded', 'failed', 'cancelled')
        returning id
        """;

    private const string AddRerunOfParts = """
        insert into evaluations (submission_id, benchmark_id, parent_id, realm, realm_ordinal, rerun_of)
        select submission_id, benchmark_id, @rerunId, realm, realm_ordinal, id
        from evaluations
        where parent_id = @id
        returning id
        """;

    /// <summary>Adds an evaluation that measures again what an ended one measured.</summary>
    public static async Task<AddedRerun> AddRerunAsync(
        this NpgsqlDataSource db, Guid id, Caller caller, UserQuotas quotas, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await UserQuotas.LockAsync(transaction, caller, cancellationToken);
        var evaluation = await transaction.FindOwnedAsync(id, caller, cancellationToken);
        await quotas.RequireRerunAsync(transaction, caller, cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            HoldSubmission, new { evaluation.SubmissionId }, transaction, cancellationToken: cancellationToken)))
        {
            throw Unknown(id);
        }
        try
        {
            var rerunId = await connection.ExecuteScalarAsync<Guid?>(
                new CommandDefinition(AddRerun, new { id, caller.UserId }, transaction, cancellationToken: cancellationToken))
                ?? throw Problems.RerunUnfinished.Because($"Its state is '{evaluation.State}'; wait for its end, or cancel it.");
            var parts = (await connection.QueryAsync<Guid>(new CommandDefinition(
                AddRerunOfParts, new { id, rerunId }, transaction, cancellationToken: cancellationToken))).AsList();
            await transaction.CommitAsync(cancellationToken);
            return new AddedRerun(rerunId, parts is [] ? [rerunId] : parts);
        }
        catch (PostgresException exception) when (exception.ConstraintName == "evaluations_unfinished_rerun_key")
        {
            throw Problems.RerunUnfinished.Because("It is being measured again; wait for that rerun's end, or cancel it.");
        }
    }

    private static async Task<FoundEvaluation> FindOwnedAsync(
        this NpgsqlTransaction transaction, Guid id, Caller caller, CancellationToken cancellationToken)
    {
        var found = await transaction.Connection!.QuerySingleOrDefaultAsync<FoundEvaluation>(new CommandDefinition(
            FindVisible, new { id, caller.UserId, caller.IsAdmin }, transaction, cancellationToken: cancellationToken))
            ?? throw Unknown(id);
        if (!found.IsOwned)
        {
            throw Problems.OwnerRequired.Because("It is another user's.");
        }
        return found.ParentId is { } whole
            ? throw Problems.EvaluationIsPart.Because($"It is one realm's; ask for the evaluation on all realms, {whole}.")
            : found;
    }

    private static RefusedException Unknown(Guid id) =>
        Problems.EvaluationUnknown.Because($"No evaluation {id} may be seen with this key.");

    private sealed record FoundEvaluation(Guid SubmissionId, Guid? ParentId, string State, bool IsOwned);
}

/// <summary>An evaluation that measures again.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ToRun">What workers have to run: itself, or its realms.</param>
internal sealed record AddedRerun(Guid Id, IReadOnlyList<Guid> ToRun);
