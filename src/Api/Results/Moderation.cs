using Dapper;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Results;

/// <summary>What a moderator changes. Each change names the state it leaves, so that of two at once one is made.</summary>
internal static class Moderation
{
    // A measured one takes the place of the earlier runs of its submission now, which it could not do while it waited.
    public const string Accept = """
        with replaced as (
            update results earlier set withdrawn_at = now()
            from results r
            join evaluations e on e.id = r.evaluation_id
            join evaluations o
                on o.submission_id = e.submission_id and o.benchmark_id = e.benchmark_id and o.id <> e.id
            where r.id = @id and r.moderation = 'pending' and r.withdrawn_at is null
              and earlier.evaluation_id = o.id and earlier.metric = r.metric and earlier.withdrawn_at is null
        )
        update results set moderation = 'accepted', recorded_at = now()
        where id = @id and moderation = 'pending' and withdrawn_at is null
        """;

    public const string Reject = """
        update results set moderation = 'rejected' where id = @id and moderation = 'pending' and withdrawn_at is null
        """;

    public const string Withdraw = """
        update results set withdrawn_at = now(), overruled = true
        where id = @id and moderation = 'accepted' and withdrawn_at is null
        """;

    /// <summary>Makes a change; false where the result is not in the state for it.</summary>
    public static async Task<bool> DecideAsync(
        this NpgsqlDataSource db,
        string statement,
        Guid id,
        Guid userId,
        string? reason,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.SayWhoAsync(userId, reason, cancellationToken);
        var changed = await connection.ExecuteAsync(
            new CommandDefinition(statement, new { id }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return changed == 1;
    }

    private const string Replace = """
        update results set withdrawn_at = now(), overruled = catalog_key is not null, corrected_by = @newId
        where id = @id and kind = 'reported' and moderation = 'accepted' and withdrawn_at is null
        """;

    private const string AddCorrected = """
        insert into results (id, benchmark_id, metric, kind, value, model_name, user_id, paper_id, code_url, source_url,
                             note, uses_additional_data, parameters, protocol_deviation, dated, catalog_key)
        select @newId, benchmark_id, metric, kind, coalesce(@Value::double precision, value),
               coalesce(@ModelName, model_name), user_id, coalesce(@Paper, paper_id), coalesce(@CodeUrl, code_url),
               coalesce(@SourceUrl, source_url), coalesce(@Note, note),
               coalesce(@UsesAdditionalData::boolean, uses_additional_data), coalesce(@Parameters::bigint, parameters), coalesce(@ProtocolDeviation, protocol_deviation),
               coalesce(@Date::date, dated), catalog_key
        from results
        where id = @id
        """;

    /// <summary>Puts another in a result's place; null where it has none to give.</summary>
    public static async Task<Guid?> CorrectResultAsync(
        this NpgsqlDataSource db, Guid id, CorrectionRequest request, Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.SayWhoAsync(userId, request.Reason, cancellationToken);
        var newId = Guid.NewGuid();
        var row = new DynamicParameters(request);
        row.AddDynamicParams(new { id, newId });
        CommandDefinition Command(string sql) => new(sql, row, transaction, cancellationToken: cancellationToken);
        if (await connection.ExecuteAsync(Command(Replace)) == 0)
        {
            return null;
        }
        try
        {
            await connection.ExecuteAsync(Command(AddCorrected));
        }
        catch (PostgresException exception) when (exception.ConstraintName == "results_claim_key")
        {
            throw Problems.ResultExists.Because("Another result says already what this one would.");
        }
        await transaction.CommitAsync(cancellationToken);
        return newId;
    }
}
