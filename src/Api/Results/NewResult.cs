using Dapper;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Results;

internal static class NewResult
{
    private const string Add = """
        insert into results (benchmark_id, metric, kind, value, model_name, user_id, paper_id, code_url, source_url,
                             note, uses_additional_data, parameters, protocol_deviation, dated, moderation)
        select @benchmarkId, @Metric, 'reported', @Value, @ModelName, @userId, @Paper, @CodeUrl, @SourceUrl, @Note,
               @UsesAdditionalData, @Parameters::bigint, @ProtocolDeviation,
               coalesce(
                   @Date::date, (select published_on from papers where id = @Paper), (now() at time zone 'utc')::date),
               'pending'
        where not exists (
            select from results
            where benchmark_id = @benchmarkId and metric = @Metric and model_name = @ModelName and value = @Value
              and catalog_key is not null and withdrawn_at is null and source_url = @SourceUrl)
        on conflict do nothing
        returning id
        """;

    private const int MaxPending = 100;

    private const string CountPending = """
        select count(*) from results
        where moderation = 'pending' and kind = 'reported' and withdrawn_at is null and user_id = @userId
        """;

    /// <summary>A new result that waits for a moderator; null where the same one is there already.</summary>
    public static async Task<Guid?> AddResultAsync(
        this NpgsqlDataSource db,
        ResultRequest request,
        Guid benchmarkId,
        Guid userId,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.SayWhoAsync(userId, reason: null, cancellationToken);
        var row = new DynamicParameters(request);
        row.AddDynamicParams(new { benchmarkId, userId });
        var id = await connection.ExecuteScalarAsync<Guid?>(
            new CommandDefinition(Add, row, transaction, cancellationToken: cancellationToken));
        // Whoever writes results follows the one before, so that of racing requests none is counted too late.
        if (id is not null && await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(CountPending, row, transaction, cancellationToken: cancellationToken)) > MaxPending)
        {
            throw Problems.ResultsTooMany.Because($"{MaxPending} of yours wait. Report more once they are settled.");
        }
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    private const string FindSame = """
        select id, coalesce(user_id = @userId, false) as is_own, moderation = 'accepted' as is_shown
        from results
        where benchmark_id = @benchmarkId and metric = @Metric and model_name = @ModelName and value = @Value
          and kind = 'reported' and source_url = @SourceUrl and moderation <> 'rejected' and withdrawn_at is null
        order by is_own desc
        limit 1
        """;

    public static async Task<SameResult?> FindSameAsync(
        this NpgsqlDataSource db,
        ResultRequest request,
        Guid benchmarkId,
        Guid userId,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = new { benchmarkId, userId, request.Metric, request.Value, request.ModelName, request.SourceUrl };
        return await connection.QuerySingleOrDefaultAsync<SameResult>(
            new CommandDefinition(FindSame, row, cancellationToken: cancellationToken));
    }

    /// <summary>A result that says the same.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="IsOwn">Whether this user reported it.</param>
    /// <param name="IsShown">Whether it was accepted.</param>
    public sealed record SameResult(Guid Id, bool IsOwn, bool IsShown);
}
