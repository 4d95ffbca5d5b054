using Dapper;
using Leaderboard.Api.Accounts;
using Npgsql;

namespace Leaderboard.Api.Evaluations;

/// <summary>What an evaluation has to do with another one.</summary>
/// <param name="Agrees">Whether a rerun came to the scores of the one that it measures again.</param>
/// <param name="ReusedFrom">Whose scores were copied, where the caller may see it.</param>
internal sealed record EvaluationOrigin(bool? Agrees, Guid? ReusedFrom);

internal static class EvaluationOrigins
{
    // Counts must be the same; a figure without counts may differ by how sums of floats were rounded. Null where there is
    // nothing to agree with.
    private const string FindAgreement = """
        select case when count(n.metric) > 0 and count(o.metric) > 0 then bool_and(
                   n.metric is not null and o.metric is not null
                   and n.correct is not distinct from o.correct and n.count is not distinct from o.count
                   and (n.correct is not null or abs(n.value - o.value) <= 1e-6)) end
        from (select * from scores where evaluation_id = @id) n
        full join (select * from scores where evaluation_id = @rerunOf) o on o.metric = n.metric
        """;

    private const string FindSource = """
        select e.id
        from evaluations e
        join submissions s on s.id = e.submission_id
        where e.id = @reusedFrom and s.deleted_at is null and (s.visibility = 'public' or @isAdmin or s.user_id = @userId)
        """;

    public static async Task<EvaluationOrigin> FindOriginAsync(
        this NpgsqlConnection connection,
        Guid id,
        Guid? rerunOf,
        Guid? reusedFrom,
        Caller caller,
        CancellationToken cancellationToken)
    {
        var agrees = rerunOf is null ? null : await connection.ExecuteScalarAsync<bool?>(
            new CommandDefinition(FindAgreement, new { id, rerunOf }, cancellationToken: cancellationToken));
        var source = reusedFrom is null ? null : await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(
            FindSource, new { reusedFrom, caller.UserId, caller.IsAdmin }, cancellationToken: cancellationToken));
        return new EvaluationOrigin(agrees, source);
    }
}
