using Dapper;
using Leaderboard.Evaluator.Datasets;
using Npgsql;
using NpgsqlTypes;

namespace Leaderboard.Evaluator.Worker;

/// <summary>A manifest as the database holds it.</summary>
internal sealed record StoredManifest(Guid Id, string Sha256, IReadOnlyList<ManifestSample> Samples);

/// <summary>Manifests in the database: written once, never changed.</summary>
internal static class ManifestQueries
{
    private const string Find = "select id, sha256 from manifests where benchmark_id = @benchmarkId";

    private const string Samples = """
        select path, target, bytes, sha256 from manifest_samples where manifest_id = @id order by ordinal
        """;

    public static async Task<StoredManifest?> FindManifestAsync(
        this NpgsqlDataSource db, Guid benchmarkId, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<ManifestRow>(
            new CommandDefinition(Find, new { benchmarkId }, cancellationToken: cancellationToken));
        if (row is null)
        {
            return null;
        }
        var samples = await connection.QueryAsync<ManifestSample>(
            new CommandDefinition(Samples, new { row.Id }, cancellationToken: cancellationToken));
        return new StoredManifest(row.Id, row.Sha256, samples.AsList());
    }

    private sealed record ManifestRow(Guid Id, string Sha256);

    private const string Insert = """
        insert into manifests (benchmark_id, sha256, sample_count) values (@benchmarkId, @sha256, @count)
        on conflict (benchmark_id) do nothing
        returning id
        """;

    private const string Copy = """
        copy manifest_samples (manifest_id, ordinal, path, target, bytes, sha256) from stdin (format binary)
        """;

    /// <summary>Stores a manifest; where the benchmark has one already, nothing happens.</summary>
    public static async Task InsertManifestAsync(
        this NpgsqlDataSource db,
        Guid benchmarkId,
        string sha256,
        IReadOnlyList<ManifestSample> samples,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var id = await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(
            Insert, new { benchmarkId, sha256, count = samples.Count }, transaction, cancellationToken: cancellationToken));
        if (id is null)
        {
            return;
        }
        await using (var writer = await connection.BeginBinaryImportAsync(Copy, cancellationToken))
        {
            for (var ordinal = 0; ordinal < samples.Count; ordinal++)
            {
                var sample = samples[ordinal];
                await writer.StartRowAsync(cancellationToken);
                await writer.WriteAsync(id.Value, NpgsqlDbType.Uuid, cancellationToken);
                await writer.WriteAsync(ordinal, NpgsqlDbType.Integer, cancellationToken);
                await writer.WriteAsync(sample.Path, NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(sample.Target, NpgsqlDbType.Integer, cancellationToken);
                await writer.WriteAsync(sample.Bytes, NpgsqlDbType.Bigint, cancellationToken);
                await writer.WriteAsync(sample.Sha256, NpgsqlDbType.Bytea, cancellationToken);
            }
            await writer.CompleteAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }
}
