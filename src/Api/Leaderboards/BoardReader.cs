using Dapper;
using Leaderboard.Api.Benchmarks;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;
using Npgsql;

namespace Leaderboard.Api.Leaderboards;

/// <summary>Finds boards, and keeps in memory what was read of them.</summary>
internal sealed class BoardReader(NpgsqlDataSource db, BoardCache cache)
{
    private const int DefinitionBytes = 4000;

    private readonly FreshReads<Board?> found = new();

    private const string Columns = """
        select b.id as benchmark_id, b.name, b.version, coalesce(r.revision, 0) as revision,
               coalesce(r.changed_at, b.created_at) as changed_at, now() as read_at
        from benchmarks b
        left join board_revisions r on r.benchmark_id = b.id
        """;

    // The latest version is the one made last.
    private const string FindBoard = $"""
        {Columns}
        where b.name = @name and (@version::text is null or b.version = @version)
        order by b.created_at desc
        limit 1
        """;

    public NpgsqlDataSource Db => db;

    public BoardCache Cache => cache;

    /// <summary>
    /// The boards of <c>name@version</c>, of the version given beside, or of the latest; as they are now.
    /// </summary>
    public async Task<Board> FindAsync(string reference, string? version, CancellationToken cancellationToken)
    {
        var (name, inName) = reference.Split('@', 2) is [var before, var after] ? (before, after) : (reference, null);
        var errors = new Errors();
        errors.Require(
            version is null || inName is null || version == inName,
            "version", "must not be another than the one in the name");
        errors.ThrowIfAny();
        version ??= inName;
        return await found.ReadAsync(version is null ? name : $"{name}@{version}", ReadAsync, cancellationToken)
            ?? throw Problems.BenchmarkUnknown.Because(
                version is null
                    ? $"There is no benchmark '{name}'."
                    : $"There is no benchmark '{name}' in version '{version}'.");

        async Task<Board?> ReadAsync()
        {
            await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
            return await connection.QuerySingleOrDefaultAsync<Board>(FindBoard, new { name, version });
        }
    }

    public async Task<BenchmarkDefinition> DefinitionOfAsync(Board board, CancellationToken cancellationToken)
    {
        var kept = await cache.GetAsync(
            board.Key("definition"),
            () => db.GetBenchmarkAsync($"{board.Name}@{board.Version}", CancellationToken.None),
            _ => DefinitionBytes,
            cancellationToken);
        return kept.Definition;
    }

    private const string InSnapshot = $"{Columns} where b.id = @id";

    /// <summary>The same boards as a transaction sees them, which began later.</summary>
    public static Task<Board> SeenByAsync(NpgsqlTransaction transaction, Guid id) =>
        transaction.Connection!.QuerySingleAsync<Board>(InSnapshot, new { id }, transaction);
}
