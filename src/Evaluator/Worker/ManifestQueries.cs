using System.Globalization;
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
    private const string Find = """
        select id, sha256 from manifests where benchmark_id = @benchmarkId and realm = @realm and split = @split
        """;

    private const string Samples = """
        select path, target, bytes, sha256, array_to_string(targets, ' ') as targets
        from manifest_samples
        where manifest_id = @id
        order by ordinal
        """;

    public static async Task<StoredManifest?> FindManifestAsync(
        this NpgsqlDataSource db, Guid benchmarkId, DatasetPart part, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<ManifestRow>(
            new CommandDefinition(Find, Row(benchmarkId, part), cancellationToken: cancellationToken));
        if (row is null)
        {
            return null;
        }
        var samples = await connection.QueryAsync<SampleRow>(
            new CommandDefinition(Samples, new { row.Id }, cancellationToken: cancellationToken));
        return new StoredManifest(row.Id, row.Sha256, [.. samples.Select(sample => sample.ToSample())]);
    }

    private sealed record ManifestRow(Guid Id, string Sha256);

    private sealed record SampleRow(string Path, int Target, long Bytes, byte[] Sha256, string? Targets)
    {
        public ManifestSample ToSample() => new(
            Path, Target, Bytes, Sha256,
            Targets?.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(target => int.Parse(target, CultureInfo.InvariantCulture)).ToArray());
    }

    private static DynamicParameters Row(Guid benchmarkId, DatasetPart part) =>
        new(new { benchmarkId, realm = part.Realm?.Name ?? "", part.Split });

    private const string Insert = """
        insert into manifests (benchmark_id, realm, split, sha256, sample_count)
        values (@benchmarkId, @realm, @split, @sha256, @count)
        on conflict (benchmark_id, realm, split) do nothing
        returning id
        """;

    private const string Copy = """
        copy manifest_samples (manifest_id, ordinal, path, target, bytes, sha256, targets) from stdin (format binary)
        """;

    /// <summary>Stores a manifest; where the part has one already, nothing happens.</summary>
    public static async Task InsertManifestAsync(
        this NpgsqlDataSource db,
        Guid benchmarkId,
        DatasetPart part,
        string sha256,
        IReadOnlyList<ManifestSample> samples,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = Row(benchmarkId, part);
        row.AddDynamicParams(new { sha256, count = samples.Count });
        var id = await connection.ExecuteScalarAsync<Guid?>(
            new CommandDefinition(Insert, row, transaction, cancellationToken: cancellationToken));
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
                if (sample.Targets is null)
                {
                    await writer.WriteNullAsync(cancellationToken);
                }
                else
                {
                    await writer.WriteAsync(sample.Targets, NpgsqlDbType.Array | NpgsqlDbType.Integer, cancellationToken);
                }
            }
            await writer.CompleteAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }
}
