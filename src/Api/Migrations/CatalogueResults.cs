using Dapper;
using Leaderboard.Shared.Benchmarks;
using Npgsql;

namespace Leaderboard.Api.Migrations;

/// <summary>The published figures of the catalogue, each a reported result.</summary>
internal static class CatalogueResults
{
    // "is not distinct from" also holds where both are null. A row without a date keeps the date that it was given.
    private const string SaysTheSame = """
        (r.benchmark_id, r.metric, r.value, r.model_name, r.uses_additional_data, r.source_url,
         r.paper_id, r.parameters, r.code_url, r.note, r.protocol_deviation)
        is not distinct from
        (@benchmarkId, @Metric, @Value, @ModelName, @UsesAdditionalData, @SourceUrl,
         @Paper::text, @Parameters::bigint, @CodeUrl::text, @Note::text, @ProtocolDeviation::text)
        and r.dated = coalesce(@Date::date, (select published_on from papers where id = @Paper::text), r.dated)
        """;

    // What an admin has withdrawn or corrected stays so while the catalogue says what it said then.
    private const string IsOverruled =
        $"exists (select from results r where r.catalog_key = @Key and r.overruled and {SaysTheSame})";

    private const string ForgetOverruled =
        $"update results r set overruled = false where r.catalog_key = @Key and r.overruled and not ({SaysTheSame})";

    private const string WithdrawChanged = $"""
        update results r set withdrawn_at = now(), corrected_by = @newId
        where r.catalog_key = @Key and r.withdrawn_at is null and not ({SaysTheSame}) and not {IsOverruled}
        """;

    private const string Add = $"""
        insert into results (id, benchmark_id, metric, kind, value, model_name, paper_id, code_url, source_url, note,
                             uses_additional_data, parameters, dated, catalog_key, protocol_deviation)
        select @newId, @benchmarkId, @Metric, 'reported', @Value, @ModelName, @Paper::text, @CodeUrl, @SourceUrl, @Note,
               @UsesAdditionalData, @Parameters::bigint,
               coalesce(@Date::date, (select published_on from papers where id = @Paper::text), current_date), @Key,
               @ProtocolDeviation
        where not {IsOverruled}
        on conflict (catalog_key) where withdrawn_at is null do nothing
        """;

    public static async Task PutAsync(
        NpgsqlConnection connection, Guid benchmarkId, BenchmarkDefinition definition, CatalogueResult result)
    {
        if (!definition.Metrics.Contains(result.Metric) || result.Value is not (>= 0 and <= 1))
        {
            throw new InvalidDataException(
                $"Result '{result.Key}': {definition.Name} has no metric '{result.Metric}', or {result.Value} is not in [0, 1].");
        }
        var row = new
        {
            benchmarkId,
            newId = Guid.NewGuid(),
            result.Key,
            result.Metric,
            result.Value,
            result.ModelName,
            result.UsesAdditionalData,
            result.SourceUrl,
            result.Paper,
            result.Date,
            result.Parameters,
            result.CodeUrl,
            result.Note,
            result.ProtocolDeviation,
        };
        await connection.ExecuteAsync(ForgetOverruled, row);
        await connection.ExecuteAsync(WithdrawChanged, row);
        await connection.ExecuteAsync(Add, row);
    }

    private const string WithdrawOthers = """
        update results set withdrawn_at = now()
        where catalog_key is not null and withdrawn_at is null and catalog_key <> all(@keys)
        """;

    /// <summary>Withdraws what the catalogue no longer holds.</summary>
    public static Task WithdrawAllButAsync(NpgsqlConnection connection, string[] keys) =>
        connection.ExecuteAsync(WithdrawOthers, new { keys });
}
