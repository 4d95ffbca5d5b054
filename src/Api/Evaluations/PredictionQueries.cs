using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;

namespace Leaderboard.Api.Evaluations;

/// <summary>What was predicted for samples, of an evaluation or of all its realms.</summary>
internal static class PredictionQueries
{
    // Of a sample with several right classes, none is its own.
    private const string FindClasses = """
        select m.target as class,
               count(*) filter (where u.prediction = m.target) as correct,
               count(*) as count,
               count(*) filter (where u.prediction = m.target) / count(*)::double precision as accuracy,
               e.realm
        from evaluations e
        join predictions p on p.evaluation_id = e.id
        cross join unnest(p.prediction) with ordinality as u (prediction, ordinal)
        join manifest_samples m on m.manifest_id = e.manifest_id and m.ordinal = u.ordinal - 1
        where (e.id = @id or e.parent_id = @id) and m.targets is null
        group by e.realm_ordinal, e.realm, m.target
        order by e.realm_ordinal, m.target
        """;

    public static async Task<IReadOnlyList<ClassAccuracy>> ListClassesAsync(
        this NpgsqlDataSource db, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<ClassAccuracy>(
            new CommandDefinition(FindClasses, new { id }, cancellationToken: cancellationToken))).AsList();
    }

    private const int PredictionsAtOnce = 10_000;

    private const string FindPredicted = """
        select e.id
        from evaluations e
        join predictions p on p.evaluation_id = e.id
        where e.id = @id or e.parent_id = @id
        order by e.realm_ordinal
        """;

    // An array begins at 1, ordinals at 0.
    private const string FindPredictions = """
        select m.path as sample, nullif(m.target, -1) as target, u.prediction, u.confidence,
               u.prediction = any(coalesce(m.targets, array[m.target])) as correct,
               array_to_string(m.targets, ' ') as targets
        from evaluations e
        join predictions p on p.evaluation_id = e.id
        cross join unnest(p.prediction[@from + 1 : @from + @count], p.confidence[@from + 1 : @from + @count])
            with ordinality as u (prediction, confidence, ordinal)
        join manifest_samples m on m.manifest_id = e.manifest_id and m.ordinal = @from + u.ordinal - 1
        where e.id = @id
        order by m.ordinal
        """;

    /// <summary>
    /// The predictions in the dataset's order, realm after realm where there are realms, read some at a time: a slow
    /// reader keeps no connection from others.
    /// </summary>
    public static async IAsyncEnumerable<SamplePrediction> StreamPredictionsAsync(
        this NpgsqlDataSource db, Guid id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var predicted in await db.ListAsync<Guid>(FindPredicted, new { id }, cancellationToken))
        {
            for (var from = 0; ; from += PredictionsAtOnce)
            {
                var part = new { id = predicted, from, count = PredictionsAtOnce };
                var found = await db.ListAsync<PredictionRow>(FindPredictions, part, cancellationToken);
                foreach (var row in found)
                {
                    yield return new SamplePrediction(
                        row.Sample, row.Target, row.Prediction, row.Confidence, row.Correct, row.Several);
                }
                if (found.Count < PredictionsAtOnce)
                {
                    break;
                }
            }
        }
    }

    private static async Task<List<T>> ListAsync<T>(
        this NpgsqlDataSource db, string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<T>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();
    }

    private sealed record PredictionRow(
        string Sample, int? Target, int Prediction, float Confidence, bool Correct, string? Targets)
    {
        public IReadOnlyList<int>? Several =>
            Targets?.Split(" ", StringSplitOptions.RemoveEmptyEntries).Select(target => int.Parse(target, CultureInfo.InvariantCulture)).ToList();
    }
}
